import type { ArchiveContents } from "../../../domain/archive.ts";
import type { ChecksumAlgorithm } from "../../../domain/checksum.ts";
import type { StagedId } from "../../../domain/ids.ts";
import type { TakesOneRun } from "../run-alone.ts";
import type { Digests } from "../running-digests.ts";
import type { CatchingUp } from "./catching-up.ts";
import type { Standing } from "./standing-digests.ts";

/** What is known of the first bytes of a partial. */
export interface Knowledge<Result> {
  /** What stands while no bytes pass by. Not together with `catchingUp`. */
  standing: Standing<Result> | null;
  catchingUp: CatchingUp<Result> | null;
  /** What was told of all its bytes. */
  known: {
    readonly sizeBytes: number;
    readonly algorithms: readonly ChecksumAlgorithm[];
    readonly result: Result;
  } | null;
}

/** What the process knows of a partial beside its file; all of it can be found out again. */
export interface Partial extends TakesOneRun {
  readonly stagedId: StagedId;
  /** False from the moment its file is made until the folder is synced. */
  isNameSafe: boolean;
  /** The file has exactly so many bytes, all synced; null where that is not known. */
  syncedBytes: number | null;
  readonly digests: Knowledge<Digests>;
  readonly archive: Knowledge<ArchiveContents>;
}

/** Running digests take about a kilobyte each, here or in a thread. */
export const PARTIALS_KNOWN_MAX = 1000;

/** The partials that were used last; of the others the digests are computed again when they are wanted. */
export class PartialTable {
  readonly #partialsMax: number;
  readonly #onForget: (partial: Partial) => void;
  /** In the order in which they were used. */
  readonly #partials = new Map<StagedId, Partial>();

  /** `onForget` gives back what a partial holds. */
  constructor(partialsMax: number, onForget: (partial: Partial) => void) {
    this.#partialsMax = partialsMax;
    this.#onForget = onForget;
  }

  find(stagedId: StagedId): Partial | null {
    return this.#partials.get(stagedId) ?? null;
  }

  use(stagedId: StagedId): Partial {
    const partial = this.#partials.get(stagedId) ?? freshPartial(stagedId);
    this.#partials.delete(stagedId);
    this.#partials.set(stagedId, partial);
    if (this.#partials.size > this.#partialsMax) this.#forgetIdle(partial);
    return partial;
  }

  forget(stagedId: StagedId): void {
    const partial = this.#partials.get(stagedId);
    if (partial === undefined) return;
    this.#partials.delete(stagedId);
    this.#onForget(partial);
  }

  #forgetIdle(but: Partial): void {
    for (const partial of this.#partials.values()) {
      const isRead = partial.digests.catchingUp !== null || partial.archive.catchingUp !== null;
      if (partial === but || partial.run !== null || isRead) continue;
      return this.forget(partial.stagedId);
    }
  }
}

/** One that is found on the disk was told of by an earlier process, or earlier by this one, so its name is safe. */
const freshPartial = (stagedId: StagedId): Partial => ({
  stagedId,
  run: null,
  isNameSafe: true,
  syncedBytes: null,
  digests: nothingKnown(),
  archive: nothingKnown(),
});

const nothingKnown = <Result>(): Knowledge<Result> => ({
  standing: null,
  catchingUp: null,
  known: null,
});
