import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { DownloadSession } from "@contentlib/server/domain/download-session";
import type { Instant, Sha256 } from "@contentlib/server/domain/ids";
import type { Item } from "@contentlib/server/domain/item";
import type { SessionFile, UpdateSession } from "@contentlib/server/domain/update-session";
import type { Catalog } from "@contentlib/server/ports/catalog";
import type { Change } from "@contentlib/server/ports/change";
import { aDigest, BUILT_AT } from "../builders/ids.ts";
import { anItem, anItemFile, aRevision } from "../builders/libraries.ts";
import {
  aDownloadFile,
  aDownloadSession,
  anUpdateSession,
  aPushedFile,
  aReadyReceipt,
  endedDownload,
  endedSession,
} from "../builders/sessions.ts";
import { BlobReferenceModel } from "../models/blob-reference-model.ts";
import { type CatalogSubject, commit, storeLibrary, withCatalog } from "./catalog-subject.ts";

/** How many random histories are played, and how long the longest is. */
const HISTORIES = 40;
const STEPS_MAX = 40;

const DIGESTS: readonly Sha256[] = ["a", "b", "c", "d"].map((text) => aDigest(`model ${text}`));
const FILE_NAMES = ["one", "two"] as const;
const SLOTS = 3;

type Step =
  | {
      readonly kind: "item";
      readonly slot: number;
      readonly digests: readonly number[];
      /** How many revisions are kept of a put that makes one; null when it makes none. */
      readonly kept: number | null;
    }
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

const kept = fc.option(fc.integer({ min: 1, max: 2 }));

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("item" as const), slot, digests, kept }),
  },
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

const named = (indexes: readonly number[]): ReadonlyMap<string, Sha256> =>
  new Map(indexes.map((digest, index) => [FILE_NAMES[index]!, DIGESTS[digest]!]));

const filesOf = (held: ReadonlyMap<string, Sha256>): Item["files"] =>
  [...held].map(([name, digest]) => anItemFile({ name, digest }));

/** Plays steps on a catalog and on the model. */
class History {
  readonly #catalog: Catalog;
  readonly model = new BlobReferenceModel();
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
        return await this.#putItem(each, named(each.digests), at);
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

  async #putItem(
    { slot: index, kept: revisions }: Extract<Step, { kind: "item" }>,
    held: ReadonlyMap<string, Sha256>,
    at: Instant,
  ): Promise<void> {
    const libraryId = this.#library as Item["libraryId"];
    const present = this.#items[index] ?? anItem({ libraryId });
    const contentVersion = present.contentVersion + (revisions === null ? 0 : 1);
    const item = { ...present, files: filesOf(held), contentVersion };
    const rev = (await this.#catalog.findItem(item.id))?.rev ?? null;
    await commit(
      this.#catalog,
      { kind: "item.put", item, rev },
      ...(revisions === null
        ? []
        : [{ kind: "revision.put" as const, revision: aRevision(item), kept: revisions }]),
    );
    this.#items[index] = item;
    this.model.hold(`item ${String(index)}`, held, at);
    if (revisions === null) return;
    this.model.hold(`revision ${String(index)}@${String(contentVersion)}`, held, at);
    for (let version = contentVersion - revisions; version > 0; version -= 1)
      this.model.drop(`revision ${String(index)}@${String(version)}`, at);
  }

  async #deleteItem(index: number, at: Instant): Promise<void> {
    const item = this.#items[index];
    if (item === undefined) return;
    const rev = (await this.#catalog.findItem(item.id))?.rev ?? 0;
    await commit(this.#catalog, { kind: "item.delete", id: item.id, rev });
    this.#items[index] = undefined;
    this.model.drop(`item ${String(index)}`, at);
    this.model.dropAll(`revision ${String(index)}@`, at);
  }

  async #deleteLibrary(at: Instant): Promise<void> {
    const id = this.#library as Item["libraryId"];
    const rev = (await this.#catalog.findLibrary(id))?.rev ?? 0;
    await commit(this.#catalog, { kind: "library.delete", id, rev });
    this.#items = [];
    this.#library = (await storeLibrary(this.#catalog)).id;
    this.model.dropAll("item", at);
    this.model.dropAll("revision", at);
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
