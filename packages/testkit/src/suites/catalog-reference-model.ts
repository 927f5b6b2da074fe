import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { DownloadSession } from "@contentlib/server/domain/download-session";
import type { Instant, Sha256 } from "@contentlib/server/domain/ids";
import type { Item } from "@contentlib/server/domain/item";
import type { SessionFile, UpdateSession } from "@contentlib/server/domain/update-session";
import type { Catalog, Change } from "@contentlib/server/ports/catalog";
import { aDigest, BUILT_AT } from "../builders/ids.ts";
import { anItem, anItemFile } from "../builders/libraries.ts";
import {
  aDownloadFile,
  aDownloadSession,
  anUpdateSession,
  aPushedFile,
  aReadyReceipt,
  endedDownload,
  endedSession,
} from "../builders/sessions.ts";
import { type CatalogSubject, commit, storeLibrary, withCatalog } from "./catalog-subject.ts";

/** How many random histories are played, and how long the longest is. */
const HISTORIES = 40;
const STEPS_MAX = 40;

const DIGESTS: readonly Sha256[] = ["a", "b", "c", "d"].map((text) => aDigest(`model ${text}`));
const FILE_NAMES = ["one", "two"] as const;
const SLOTS = 3;

type Step =
  | { readonly kind: "item"; readonly slot: number; readonly digests: readonly number[] }
  | { readonly kind: "item-gone"; readonly slot: number }
  | {
      readonly kind: "file";
      readonly slot: number;
      readonly name: number;
      readonly digest: number | null;
    }
  | { readonly kind: "session-over"; readonly slot: number }
  | { readonly kind: "download"; readonly slot: number; readonly digests: readonly number[] }
  | { readonly kind: "download-over"; readonly slot: number }
  | { readonly kind: "library-gone" };

const slot = fc.nat({ max: SLOTS - 1 });
const digests = fc.array(fc.nat({ max: DIGESTS.length - 1 }), { maxLength: FILE_NAMES.length });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("item" as const), slot, digests }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("item-gone" as const), slot }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("file" as const),
      slot,
      name: fc.nat({ max: FILE_NAMES.length - 1 }),
      digest: fc.option(fc.nat({ max: DIGESTS.length - 1 })),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("session-over" as const), slot }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("download" as const), slot, digests }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("download-over" as const), slot }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("library-gone" as const) }) },
);

/** The simplest account of who holds what: per holder the digests of its files, by name. */
class ReferenceModel {
  readonly #held = new Map<string, ReadonlyMap<string, Sha256>>();
  readonly #idleSince = new Map<Sha256, Instant>();

  hold(holder: string, files: ReadonlyMap<string, Sha256>, at: Instant): void {
    const before = new Set(this.#held.get(holder)?.values());
    this.#held.set(holder, files);
    const all = this.#all();
    for (const digest of all) this.#idleSince.delete(digest);
    for (const digest of before) if (!all.has(digest)) this.#idleSince.set(digest, at);
  }

  filesOf(holder: string): ReadonlyMap<string, Sha256> {
    return this.#held.get(holder) ?? new Map();
  }

  drop(holder: string, at: Instant): void {
    this.hold(holder, new Map(), at);
  }

  dropAll(kind: string, at: Instant): void {
    for (const holder of this.#held.keys()) if (holder.startsWith(kind)) this.drop(holder, at);
  }

  get idleSince(): ReadonlyMap<Sha256, Instant> {
    return this.#idleSince;
  }

  #all(): ReadonlySet<Sha256> {
    return new Set([...this.#held.values()].flatMap((files) => [...files.values()]));
  }
}

const named = (indexes: readonly number[]): ReadonlyMap<string, Sha256> =>
  new Map(indexes.map((digest, index) => [FILE_NAMES[index]!, DIGESTS[digest]!]));

const filesOf = (held: ReadonlyMap<string, Sha256>): Item["files"] =>
  [...held].map(([name, digest]) => anItemFile({ name, digest }));

/** Plays steps on a catalog and on the model. */
class History {
  readonly #catalog: Catalog;
  readonly model = new ReferenceModel();
  #items: (Item | undefined)[] = [];
  #sessions: (UpdateSession | undefined)[] = [];
  #downloads: (DownloadSession | undefined)[] = [];
  #anchors: readonly Item[] = [];
  #library = "";

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** Each session has an item of its own, which stays and holds nothing. */
  async begin(): Promise<void> {
    const { id: libraryId } = await storeLibrary(this.#catalog);
    this.#anchors = Array.from({ length: SLOTS }, () => anItem({ libraryId }));
    await commit(
      this.#catalog,
      ...this.#anchors.map((item): Change => ({ kind: "item.put", item, rev: null })),
    );
    this.#library = (await storeLibrary(this.#catalog)).id;
  }

  async play(each: Step, at: Instant): Promise<void> {
    switch (each.kind) {
      case "item":
        return await this.#putItem(each.slot, named(each.digests), at);
      case "item-gone":
        return await this.#deleteItem(each.slot, at);
      case "file":
        return await this.#putFile(each, at);
      case "session-over":
        return await this.#endSession(each.slot, at);
      case "download":
        return await this.#putDownload(each.slot, named(each.digests), at);
      case "download-over":
        return await this.#endDownload(each.slot, at);
      case "library-gone":
        return await this.#deleteLibrary(at);
    }
  }

  async #putItem(index: number, held: ReadonlyMap<string, Sha256>, at: Instant): Promise<void> {
    const present = this.#items[index];
    const libraryId = this.#library as Item["libraryId"];
    const item = { ...(present ?? anItem({ libraryId })), files: filesOf(held) };
    const rev = (await this.#catalog.findItem(item.id))?.rev ?? null;
    await commit(this.#catalog, { kind: "item.put", item, rev });
    this.#items[index] = item;
    this.model.hold(`item ${String(index)}`, held, at);
  }

  async #deleteItem(index: number, at: Instant): Promise<void> {
    const item = this.#items[index];
    if (item === undefined) return;
    const rev = (await this.#catalog.findItem(item.id))?.rev ?? 0;
    await commit(this.#catalog, { kind: "item.delete", id: item.id, rev });
    this.#items[index] = undefined;
    this.model.drop(`item ${String(index)}`, at);
  }

  async #deleteLibrary(at: Instant): Promise<void> {
    const id = this.#library as Item["libraryId"];
    const rev = (await this.#catalog.findLibrary(id))?.rev ?? 0;
    await commit(this.#catalog, { kind: "library.delete", id, rev });
    this.#items = [];
    this.#library = (await storeLibrary(this.#catalog)).id;
    this.model.dropAll("item", at);
  }

  async #session(index: number): Promise<UpdateSession> {
    const present = this.#sessions[index];
    if (present !== undefined) return present;
    const session = anUpdateSession({ itemId: this.#anchors[index]!.id });
    await commit(this.#catalog, { kind: "session.create", session, files: [] });
    this.#sessions[index] = session;
    return session;
  }

  /** Puts the named file READY with the digest, or takes it away. */
  async #putFile(
    { slot: index, name, digest }: Extract<Step, { kind: "file" }>,
    at: Instant,
  ): Promise<void> {
    const { id: sessionId } = await this.#session(index);
    const fileName = FILE_NAMES[name]!;
    const row = (await this.#catalog.findSession(sessionId))?.files.find(
      ({ value }) => value.name === fileName,
    );
    const held = new Map(this.model.filesOf(`session ${String(index)}`));
    if (digest === null) {
      if (row === undefined) return;
      await commit(this.#catalog, {
        kind: "session-file.delete",
        sessionId,
        name: fileName,
        rev: row.rev,
      });
      held.delete(fileName);
    } else {
      const receipt = aReadyReceipt({ digest: DIGESTS[digest]! });
      const file: SessionFile = aPushedFile({ name: fileName, receipt });
      await commit(this.#catalog, {
        kind: "session-file.put",
        sessionId,
        file,
        rev: row?.rev ?? null,
      });
      held.set(fileName, receipt.digest);
    }
    this.model.hold(`session ${String(index)}`, held, at);
  }

  async #endSession(index: number, at: Instant): Promise<void> {
    const session = this.#sessions[index];
    if (session === undefined) return;
    const rev = (await this.#catalog.findSessionHead(session.id))?.rev ?? 0;
    await commit(this.#catalog, {
      kind: "session.put",
      session: endedSession(session, "CANCELED"),
      rev,
    });
    this.#sessions[index] = undefined;
    this.model.drop(`session ${String(index)}`, at);
  }

  async #putDownload(index: number, held: ReadonlyMap<string, Sha256>, at: Instant): Promise<void> {
    const files = filesOf(held).map((file) => aDownloadFile({ file }));
    const session = { ...(this.#downloads[index] ?? aDownloadSession()), files };
    const rev = (await this.#catalog.findDownload(session.id))?.rev ?? null;
    await commit(this.#catalog, { kind: "download.put", session, rev });
    this.#downloads[index] = session;
    this.model.hold(`download ${String(index)}`, held, at);
  }

  async #endDownload(index: number, at: Instant): Promise<void> {
    const session = this.#downloads[index];
    if (session === undefined) return;
    const rev = (await this.#catalog.findDownload(session.id))?.rev ?? 0;
    await commit(this.#catalog, {
      kind: "download.put",
      session: endedDownload(session, "CANCELED"),
      rev,
    });
    this.#downloads[index] = undefined;
    this.model.drop(`download ${String(index)}`, at);
  }
}

const observedIdleSince = async (
  catalog: Catalog,
  until: Instant,
): Promise<ReadonlyMap<Sha256, Instant>> => {
  const seen = new Map<Sha256, Instant>();
  for (let at = BUILT_AT; at <= until; at += 1) {
    for (const digest of await catalog.housekeeping.listUnreferenced(at, DIGESTS.length)) {
      if (!seen.has(digest)) seen.set(digest, at);
    }
  }
  return seen;
};

/** Random histories against a model that is too simple to be wrong. */
export const describeReferenceModel = (subject: CatalogSubject): void => {
  test("whatever happens, exactly what nothing holds is unreferenced, since the instant it was let go", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: STEPS_MAX }), async (steps) => {
        await withCatalog(subject, async (catalog, clock) => {
          const history = new History(catalog);
          await history.begin();
          for (const each of steps) {
            clock.now += 1;
            await history.play(each, clock.now);
          }
          assert.deepEqual(await observedIdleSince(catalog, clock.now), history.model.idleSince);
        });
      }),
      { numRuns: HISTORIES },
    );
  });
};
