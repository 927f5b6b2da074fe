import type { ArchiveContents } from "../../../domain/archive.ts";
import type { ChecksumAlgorithm } from "../../../domain/checksum.ts";

/** What a staging thread is for. */
export type StagingDuty = "transfers" | "archives";

/** What runs over bytes: digests of them all, or what they hold as an archive. */
export type RunningKind =
  | { readonly kind: "digests"; readonly algorithms: readonly ChecksumAlgorithm[] }
  | { readonly kind: "archive" };

/**
 * What the store tells a staging thread. Messages are handled in order. What runs over bytes has a number of its own, since it
 * outlives the transfer that it was begun in.
 */
export type ToStagingThread =
  /** Begins what is of no bytes yet. */
  | { readonly kind: "begin"; readonly running: number; readonly of: RunningKind }
  /** Begins a transfer that goes on with digests, which stand at `startBytes`. */
  | {
      readonly kind: "open";
      readonly transfer: number;
      readonly fd: number;
      readonly digests: number;
      readonly startBytes: number;
      readonly pieceAlgorithm: ChecksumAlgorithm | null;
    }
  /** The buffer is transferred; it comes back with `returned`. */
  | {
      readonly kind: "write";
      readonly transfer: number;
      readonly buffer: ArrayBuffer;
      readonly sizeBytes: number;
    }
  /**
   * Forget the transfer, of which so many bytes count, null for none. The answer is `closed`, and after it the thread never
   * touches the descriptor again.
   */
  | { readonly kind: "close"; readonly transfer: number; readonly keptBytes: number | null }
  | { readonly kind: "forget"; readonly running: number }
  | { readonly kind: "ask"; readonly ask: number; readonly question: ThreadQuestion };

/** What is asked of a thread, with one answer each. */
export type ThreadQuestion =
  /** The digests of the bytes so far. */
  | { readonly kind: "digests"; readonly running: number }
  /** What the bytes so far hold, if they end here. */
  | { readonly kind: "archive"; readonly running: number }
  /** The digest of the bytes of a transfer alone. */
  | { readonly kind: "piece"; readonly transfer: number }
  /**
   * Reads on from where it stands up to `endBytes`, and says where it stands then: short of it where the file ends. Its first
   * byte lies at `startBytes` of the file.
   */
  | {
      readonly kind: "read";
      readonly running: number;
      readonly fd: number;
      readonly startBytes: number;
      readonly endBytes: number;
    };

export type ThreadAnswer =
  | {
      readonly kind: "digests";
      readonly digests: readonly (readonly [ChecksumAlgorithm, string])[];
    }
  | { readonly kind: "archive"; readonly contents: ArchiveContents }
  | { readonly kind: "piece"; readonly hex: string }
  /** With how much memory it takes now where that may be much. */
  | { readonly kind: "read"; readonly atBytes: number; readonly heldBytes: number }
  | { readonly kind: "failed"; readonly error: ThreadError };

/** What a staging thread says. */
export type FromStagingThread =
  | { readonly kind: "ready" }
  /** A buffer comes home. `error` says why its bytes were not written; later ones of the transfer are then not tried. */
  | {
      readonly kind: "returned";
      readonly transfer: number;
      readonly buffer: ArrayBuffer;
      readonly writtenBytes: number;
      readonly error?: ThreadError;
    }
  /** `isKept` says whether the digests stand at the bytes that count; else they are forgotten. */
  | { readonly kind: "closed"; readonly transfer: number; readonly isKept: boolean }
  | { readonly kind: "answered"; readonly ask: number; readonly answer: ThreadAnswer };

/** An error in a form that survives the way between threads. */
export interface ThreadError {
  readonly message: string;
  readonly code?: string;
}
