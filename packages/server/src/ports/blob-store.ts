import type { Checksum, ChecksumAlgorithm } from "../domain/checksum.ts";
import type { Instant, Sha256, StagedId } from "../domain/ids.ts";
import type { CancelSignal, Closable } from "./clock.ts";

/**
 * Takes bytes pushed at it. `chunk` returns false when the source must pause until `Pour.resume` is called. The chunk belongs
 * to the sink until the call returns or, for an asynchronous sink that returned false, until it resumes the source; a sink
 * that keeps bytes longer copies them.
 */
export interface ByteSink {
  chunk(bytes: Uint8Array): boolean;
  /** All bytes have been delivered. Called at most once, and never together with `fail`. */
  end(): void;
  /** The source broke; no more calls follow. */
  fail(reason: unknown): void;
}

/** A flow of bytes under way. */
export interface Pour {
  /** Goes on after `chunk` returned false. */
  resume(): void;
  /** Stops the flow: no more calls to the sink, and whatever the source holds is given back. Stopping twice is harmless. */
  stop(): void;
}

/** A one-shot source of bytes (an HTTP request's body, a test's array). Pushed, not pulled: no promise a chunk. */
export interface ByteSource {
  pourInto(sink: ByteSink): Pour;
}

/** What staging found out about the bytes it received. */
export interface StagedBlob {
  readonly stagedId: StagedId;
  readonly digest: Sha256;
  readonly sizeBytes: number;
  /** One for each algorithm asked for. */
  readonly checksums: readonly Checksum[];
}

export interface StageOptions {
  /** Digests wanted beside SHA-256. */
  readonly algorithms: readonly ChecksumAlgorithm[];
  /** Stop with `too-long` as soon as more than this many bytes arrive. */
  readonly sizeLimitBytes?: number;
  /** Expected size where it is known; lets the store choose its engine. A hint, not a check. */
  readonly expectedSizeBytes?: number;
  readonly signal: CancelSignal;
  /** Called as bytes are taken, with the count so far; must be cheap and never throws. */
  readonly onProgress: (receivedBytes: number) => void;
}

/** How staging ended. Everything but `staged` leaves nothing behind in the store. */
export type StageOutcome =
  | { readonly kind: "staged"; readonly blob: StagedBlob }
  /** More bytes arrived than `sizeLimitBytes`. */
  | { readonly kind: "too-long"; readonly receivedBytes: number }
  /** The source broke before its end. */
  | { readonly kind: "interrupted"; readonly receivedBytes: number; readonly reason: unknown }
  /** The signal aborted. */
  | { readonly kind: "cancelled"; readonly receivedBytes: number };

/** A stored blob opened for reading. Reading finishes on these bytes even when the blob is deleted meanwhile. */
export interface OpenBlob extends Closable {
  readonly sizeBytes: number;
  /** Pours `[start, endExclusive)` into the sink; each call reads anew. The blob closes itself when the pour ends or stops. */
  pourInto(sink: ByteSink, range: { readonly start: number; readonly endExclusive: number }): Pour;
}

/**
 * Keeps bytes by their SHA-256. For implementers, each sentence has a test in the suite:
 * staged bytes are invisible to `open` until promoted. `stage` returns only when the bytes, and the name of the staged blob,
 * are safe from a power cut, in the order write, sync of the file, rename, sync of the directory. `promote` returns only when
 * the blob's name is safe; promoting twice, or promoting bytes that are already stored, is a no-op that succeeds, and a
 * promoted blob never changes. `release` and `delete` of what is not there succeed. All errors are `PortError`s: no room is
 * `full`, a missing blob is `absent`, a staged id in use is `exists`, and after a failed `stage` nothing of it is left.
 */
export interface BlobStore {
  stage(stagedId: StagedId, source: ByteSource, options: StageOptions): Promise<StageOutcome>;
  /** Makes staged bytes the blob `digest`. Succeeds when the blob is already there, staged or not; else `absent`. */
  promote(stagedId: StagedId, digest: Sha256): Promise<void>;
  /** Drops staged bytes. */
  release(stagedId: StagedId): Promise<void>;
  open(digest: Sha256): Promise<OpenBlob>;
  delete(digest: Sha256): Promise<void>;
  /** Everything that is staged, finished or not, for the sweeper. */
  listStaged(): AsyncIterable<StagedId>;
  list(): AsyncIterable<StoredBlob>;
  /** Room left for new bytes. */
  freeBytes(): Promise<number>;
}

/** A blob as the store lists it. */
export interface StoredBlob {
  readonly digest: Sha256;
  readonly sizeBytes: number;
  readonly storedAt: Instant;
}
