import type { ArchiveContents } from "../../../domain/archive.ts";
import type { ChecksumAlgorithm } from "../../../domain/checksum.ts";
import { RunningArchive } from "../running-archive.ts";
import { type Digests, RunningDigests, blobAlgorithms } from "../running-digests.ts";

/** What is to be found out of bytes, beside their SHA-256. */
export interface WantedOfBytes {
  readonly algorithms: readonly ChecksumAlgorithm[];
  readonly isArchive?: boolean;
}

/** All that is found out while bytes pass by. */
export class PassedBytes {
  readonly #digests: RunningDigests;
  readonly #archive: RunningArchive | null;

  private constructor(digests: RunningDigests, archive: RunningArchive | null) {
    this.#digests = digests;
    this.#archive = archive;
  }

  static begin({ algorithms, isArchive }: WantedOfBytes): PassedBytes {
    return new PassedBytes(
      RunningDigests.of(blobAlgorithms(algorithms)),
      isArchive === true ? RunningArchive.begin() : null,
    );
  }

  get atBytes(): number {
    return this.#digests.atBytes;
  }

  covers({ algorithms, isArchive }: WantedOfBytes): boolean {
    return this.#digests.covers(algorithms) && (isArchive !== true || this.#archive !== null);
  }

  update(bytes: Uint8Array): void {
    this.#digests.update(bytes);
    this.#archive?.update(bytes);
  }

  copy(): PassedBytes {
    return new PassedBytes(this.#digests.copy(), this.#archive?.copy() ?? null);
  }

  digests(): Digests {
    return this.#digests.digests();
  }

  /** Null where it was not wanted. */
  contents(): ArchiveContents | null {
    return this.#archive?.contents() ?? null;
  }
}
