import type { ChecksumAlgorithm } from "../../../domain/checksum.ts";

/** What the store tells a staging thread. Messages of one transfer are handled in order. */
export type ToStagingThread =
  | {
      readonly kind: "open";
      readonly transfer: number;
      readonly fd: number;
      readonly algorithms: readonly ChecksumAlgorithm[];
    }
  /** The buffer is transferred; it comes back with `returned`. */
  | {
      readonly kind: "write";
      readonly transfer: number;
      readonly buffer: ArrayBuffer;
      readonly sizeBytes: number;
    }
  | { readonly kind: "finish"; readonly transfer: number }
  /** Forget the transfer; the answer is `closed`, and after it the thread never touches the descriptor again. */
  | { readonly kind: "close"; readonly transfer: number };

/** What a staging thread answers. */
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
  | {
      readonly kind: "finished";
      readonly transfer: number;
      readonly digests: readonly (readonly [ChecksumAlgorithm, string])[];
    }
  | { readonly kind: "closed"; readonly transfer: number };

/** An error in a form that survives the way between threads. */
export interface ThreadError {
  readonly message: string;
  readonly code?: string;
}
