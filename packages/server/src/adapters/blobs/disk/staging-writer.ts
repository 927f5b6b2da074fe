import type { ChecksumAlgorithm } from "../../../domain/checksum.ts";
import type { ByteWriter } from "../intake.ts";
import type { OpenFile } from "./file-system.ts";
import type { SyncSteps } from "./sync-steps.ts";

/** What a writer does to a file. */
export interface TransferPlan {
  readonly file: OpenFile;
  readonly steps: SyncSteps;
  /** Where in the file the first byte goes. */
  readonly startBytes: number;
  /** The digest wanted of these bytes alone. */
  readonly pieceAlgorithm: ChecksumAlgorithm | null;
}

/** Hashes and writes the bytes of one append, and counts them in its sync steps. */
export interface StagingWriter extends ByteWriter {
  /** Resolves when every byte that it took is written; rejects when one could not be. Nothing is given to it afterwards. */
  flush(): Promise<void>;
  /** The digest of these bytes alone, after `flush`. */
  pieceHex(): Promise<string>;
  /**
   * Resolves when nothing touches the file any more; what is not written by then never is. Of the partial so many bytes count
   * from now on, null for none: its running digests stand there, or are forgotten. Comes last, at any time; only the first
   * call counts.
   */
  close(keptBytes: number | null): Promise<void>;
}
