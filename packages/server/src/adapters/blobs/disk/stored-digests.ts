import type { Checksum, ChecksumAlgorithm } from "../../../domain/checksum.ts";
import type { Sha256 } from "../../../domain/ids.ts";
import type { CancelSignal } from "../../../ports/clock.ts";
import { checksumsOf } from "../running-digests.ts";
import { CatchingUp } from "./catching-up.ts";
import { ReadingTurns } from "./reading-turns.ts";
import type { StagingEngines } from "./staging-engines.ts";
import type { StoreFiles } from "./store-files.ts";

/** Digests of stored blobs, made by reading them in a staging thread. */
export class StoredDigests {
  readonly #files: StoreFiles;
  readonly #engines: StagingEngines;
  readonly #readings = new Set<CatchingUp>();
  readonly #turns = new ReadingTurns();

  constructor(files: StoreFiles, engines: StagingEngines) {
    this.#files = files;
    this.#engines = engines;
  }

  async of(
    digest: Sha256,
    algorithms: readonly ChecksumAlgorithm[],
    signal: CancelSignal,
  ): Promise<readonly Checksum[]> {
    const facts = await this.#files.findBlob(digest);
    if (facts === null) throw await this.#files.absent(`There is no blob ${digest}.`);
    const reading: CatchingUp = new CatchingUp({
      algorithms,
      from: null,
      goalBytes: facts.size,
      turns: this.#turns,
      beginDigests: () => this.#engines.beginDigests(algorithms),
      openFile: () => this.#files.fileSystem.open(this.#files.layout.blobFile(digest), "r"),
      onOver: (digests) => {
        this.#readings.delete(reading);
        digests?.forget();
      },
    });
    this.#readings.add(reading);
    try {
      return checksumsOf(await reading.digestsAt(facts.size, signal), algorithms);
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
