import { UNSAID_OPERATION } from "@contentlib/contract/vocabulary";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Instant } from "../../domain/ids.ts";
import type { Catalog, Change, ChangeSet, Clock, Deed, DeedScope } from "../../ports/index.ts";
import { catalogWith } from "../catalog-with.ts";
import { isLogin, toldChanges } from "./told-changes.ts";
import { toldDifferences } from "./told-differences.ts";
import type { ToldObject } from "./told-object.ts";
import type { TrailNames } from "./trail-names.ts";
import { FOLD_WINDOW_MS } from "./trail-names.ts";

/** Most objects of one row that were changed, not counting what they lie in; where there are more, further rows tell them. */
export const OBJECTS_PER_ROW_MAX = 32;

/** What stands for a deed where something is committed that nobody was said to do: better told by half than not at all. */
const UNSAID: Deed = { doer: { kind: "server" }, operation: UNSAID_OPERATION };

type Row = Extract<Change, { readonly kind: "audit.put" }>;

const plainRow = (entry: AuditEntry): Row => ({
  kind: "audit.put",
  entry,
  count: 1,
  lastAt: entry.at,
  fold: null,
});

/** Clients log in again and again: those of one user, by one token, from one address are counted together. */
const loginRow = (entry: AuditEntry, { doer }: Deed): Row => {
  const who = doer.kind === "user" ? [doer.accountId, doer.tokenId ?? ""] : ["", ""];
  const key = [entry.operation, ...who, entry.address ?? ""].join(" ");
  return { ...plainRow(entry), fold: { key, since: entry.at - FOLD_WINDOW_MS } };
};

const inRows = (objects: readonly ToldObject[]): readonly (readonly ToldObject[])[] =>
  Array.from({ length: Math.ceil(objects.length / OBJECTS_PER_ROW_MAX) }, (_, row) =>
    objects.slice(row * OBJECTS_PER_ROW_MAX, (row + 1) * OBJECTS_PER_ROW_MAX),
  );

/** Writes the rows of commits. */
class Recorder {
  readonly #names: TrailNames;
  readonly #clock: Pick<Clock, "now">;
  readonly #deeds: Pick<DeedScope, "current">;

  constructor(names: TrailNames, clock: Pick<Clock, "now">, deeds: Pick<DeedScope, "current">) {
    this.#names = names;
    this.#clock = clock;
    this.#deeds = deeds;
  }

  /** The set with the rows that tell of it; the set itself where there is nothing to tell. */
  async withRows(changes: ChangeSet): Promise<ChangeSet> {
    const deed = this.#deeds.current() ?? UNSAID;
    const objects = toldChanges(changes, deed);
    if (objects.length > 0)
      return [...changes, ...(await this.#changeRows(changes, objects, deed))];
    if (!isLogin(changes)) return changes;
    const entry = { event: "LOGIN", objects: [], ...(await this.#head(deed)) } as const;
    return [...changes, loginRow(entry, deed)];
  }

  async #changeRows(
    changes: ChangeSet,
    objects: readonly ToldObject[],
    deed: Deed,
  ): Promise<readonly Row[]> {
    const { words, members } = await toldDifferences(changes, this.#names.reader);
    const head = {
      event: "CHANGE",
      ...(await this.#head(deed)),
      ...(words.length === 0 ? {} : { changed: words }),
    } as const;
    const names = this.#names.objects(changes);
    const rows: Row[] = [];
    for (const part of inRows([...objects, ...members]))
      rows.push(plainRow({ ...head, objects: await names.tell(part) }));
    return rows;
  }

  async #head({
    doer,
    operation,
    address,
    requestId,
  }: Deed): Promise<Omit<AuditEntry, "event" | "objects"> & { readonly at: Instant }> {
    return {
      operation,
      actor: await this.#names.actor(doer),
      ...(address === undefined || address === "" ? {} : { address }),
      ...(requestId === undefined || requestId === "" ? {} : { requestId }),
      at: this.#clock.now(),
    };
  }
}

/** What recording needs beside the catalog. */
export interface RecordingNeeds {
  readonly clock: Pick<Clock, "now">;
  readonly deeds: Pick<DeedScope, "current">;
  readonly names: TrailNames;
}

/**
 * The catalog, which tells in the trail of every change that is committed, in the very commit: whatever is not kept was not told
 * either. Who does it, the deed says that the commit is made within.
 */
export const recordingCatalog = (
  inner: Catalog,
  { clock, deeds, names }: RecordingNeeds,
): Catalog => {
  const recorder = new Recorder(names, clock, deeds);
  return catalogWith(inner, {
    commit: async (changes) => {
      const outcome = await inner.commit(await recorder.withRows(changes));
      if (outcome.kind === "committed") names.learnChanges(changes);
      return outcome;
    },
  });
};
