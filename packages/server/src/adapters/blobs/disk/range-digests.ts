import type { Checksum, ChecksumAlgorithm } from "../../../domain/checksum.ts";
import type { ByteRange } from "../../../ports/blob-store.ts";
import type { CancelSignal } from "../../../ports/clock.ts";
import { checkRange } from "../check-range.ts";
import { type Digests, checksumsOf } from "../running-digests.ts";
import { CatchingUp } from "./catching-up.ts";
import type { FileFacts } from "./file-system.ts";
import { ReadingTurns } from "./reading-turns.ts";
import type { StagingEngines } from "./staging-engines.ts";
import type { StoreFiles } from "./store-files.ts";

/** What is wanted of a file, and for whom. */
export interface RangeWanted {
  readonly signal: CancelSignal;
  /** All of it where it is left out. */
  readonly range?: ByteRange;
}

/** Digests of files that change no more, made by reading them in a staging thread. */
export class RangeDigests {
  readonly #files: StoreFiles;
  readonly #engines: StagingEngines;
  readonly #readings = new Set<CatchingUp<Digests>>();
  readonly #turns = new ReadingTurns();

  constructor(files: StoreFiles, engines: StagingEngines) {
    this.#files = files;
    this.#engines = engines;
  }

  async of(
    file: { readonly path: string; readonly facts: FileFacts },
    algorithms: readonly ChecksumAlgorithm[],
    { signal, range = { start: 0, endExclusive: file.facts.size } }: RangeWanted,
  ): Promise<readonly Checksum[]> {
    checkRange(range, file.facts.size);
    const sizeBytes = range.endExclusive - range.start;
    const reading: CatchingUp<Digests> = new CatchingUp({
      algorithms,
      from: null,
      startBytes: range.start,
      goalBytes: sizeBytes,
      turns: this.#turns,
      begin: () => this.#engines.beginDigests(algorithms),
      openFile: () => this.#files.fileSystem.open(file.path, "r"),
      onOver: (digests) => {
        this.#readings.delete(reading);
        digests?.forget();
      },
    });
    this.#readings.add(reading);
    try {
      return checksumsOf(await reading.resultAt(sizeBytes, signal), algorithms);
    } finally {
      // One that nobody waits for any more is not read to its end.
      void reading.stop();
    }
  }

  /** Resolves when no file is read any more. The threads must have ended. */
  async close(): Promise<void> {
    await Promise.all([...this.#readings].map((each) => each.stop()));
  }
}
