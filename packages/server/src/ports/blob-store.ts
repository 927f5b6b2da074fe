import type { ArchiveContents } from "../domain/archive.ts";
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
  /** What the bytes hold; there where it was asked for. */
  readonly archive?: ArchiveContents;
}

/** Part of a blob. */
export interface ByteRange {
  readonly start: number;
  readonly endExclusive: number;
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

/** How bytes are put behind those that a partial blob has. */
export interface AppendOptions {
  /** How many of the first bytes stand, all of them safe; what lies behind them is dropped first. 0 makes the partial anew. */
  readonly offsetBytes: number;
  /** Digests wanted at the end beside SHA-256; the same for each append and for `finish`, or bytes may be hashed again. */
  readonly algorithms: readonly ChecksumAlgorithm[];
  /**
   * Whether the bytes are a tar archive, of which it is wanted at the end what it holds: found out while they pass, with the SHA-256 of
   * each member, and the digests that a manifest before it lists them by. As for `algorithms`, the same each time.
   */
  readonly isArchive?: boolean;
  /** Stop with `too-long` as soon as the whole has more than this many bytes. */
  readonly sizeLimitBytes?: number;
  /** Expected size of the whole where it is known; lets the store choose its engine. A hint, not a check. */
  readonly expectedSizeBytes?: number;
  /**
   * What these bytes alone must have as their digest: they count only once they are all there and it fits, so those of an
   * append that ends in any other way are dropped.
   */
  readonly checksum?: Checksum;
  /**
   * The caller finishes the partial as soon as these bytes have all come. A partial that they make anew need not have a safe
   * name by then, since `finish` gives it one; `durableBytes` of `appended` then stays at what `onDurable` told.
   */
  readonly finishes?: boolean;
  /** Cuts the append: it takes no more, makes safe what it has, and resolves after the writes and syncs under way and one more of each. */
  readonly signal: CancelSignal;
  /** Called as bytes are taken, with the size of the whole so far; must be cheap and never throws. */
  readonly onProgress: (receivedBytes: number) => void;
  /**
   * Called whenever more of the first bytes, and the name of the partial, are safe from a power cut, with how many bytes; never
   * less than before, never with `checksum` before it fits. Also told before an append fails, as far as bytes could be saved.
   */
  readonly onDurable: (durableBytes: number) => void;
}

/** How the digest of first bytes is asked for. */
export interface PrefixOptions {
  /** As for the appends of the partial: where its bytes must be read, one reading serves them and this. */
  readonly algorithms: readonly ChecksumAlgorithm[];
  readonly isArchive?: boolean;
  readonly signal: CancelSignal;
}

/**
 * How an append ended, and how many of the first bytes are safe now. In every case nothing touches the bytes any more. What was
 * taken before an interruption or a cut is kept; of too many bytes, and of those that do not fit their checksum, none is, also
 * where `onDurable` told of some.
 */
export type AppendOutcome =
  | { readonly kind: "appended"; readonly durableBytes: number; readonly sizeBytes: number }
  | { readonly kind: "too-long"; readonly durableBytes: number; readonly receivedBytes: number }
  | { readonly kind: "misfit"; readonly durableBytes: number; readonly actual: Checksum }
  | { readonly kind: "interrupted"; readonly durableBytes: number; readonly reason: unknown }
  | { readonly kind: "cancelled"; readonly durableBytes: number };

/**
 * Blobs on their way in that come in pieces. A partial lives under its staged id until it is finished or released; `listStaged`
 * lists it, and a restart of the process leaves it there with at least the bytes that `onDurable` or an outcome told of. An
 * append fails as `absent` where the partial has fewer bytes than its offset, as `exists` where it is finished, and as `full`
 * without room; whatever it fails with, what `onDurable` told of stays and a later append goes on there.
 * Digests, and what was found out of an archive, are not lost between appends: after a restart, or where they are not at hand, the
 * bytes that stand are read once, off the main thread, of a few partials at a time and first of those that somebody waits for;
 * neither an append nor `durableBytes` waits for it, only `finish` does. One append of a partial at a time: a second one, or a
 * `finish` beside it, fails as `exists`. A `release` cuts what is under way, which ends as cancelled, and leaves nothing.
 */
export interface PartialBlobs {
  append(stagedId: StagedId, source: ByteSource, options: AppendOptions): Promise<AppendOutcome>;
  /**
   * Makes a partial of exactly that size staged, as `BlobStore.stage` leaves it, and tells its digests; what lies behind that
   * size is dropped. `absent` without the partial or with fewer bytes; finishing what is finished succeeds. When the signal
   * aborts while it waits for a digest it fails as `cancelled`, and can be called again.
   */
  finish(
    stagedId: StagedId,
    options: {
      readonly sizeBytes: number;
      readonly algorithms: readonly ChecksumAlgorithm[];
      readonly isArchive?: boolean;
      readonly signal: CancelSignal;
    },
  ): Promise<StagedBlob>;
  /**
   * Digests of part of a finished partial, as `BlobStore.checksumsOf` gives them of a stored blob; `absent` where it is not finished, or
   * promoted or released.
   */
  checksumsOf(
    stagedId: StagedId,
    algorithms: readonly ChecksumAlgorithm[],
    options: { readonly signal: CancelSignal; readonly range: ByteRange },
  ): Promise<readonly Checksum[]>;
  /**
   * SHA-256 of the first bytes of a partial, finished or not, which must stand; read and hashed off the main thread where it is
   * not known. `absent` and `cancelled` as `finish`.
   */
  prefixDigest(stagedId: StagedId, prefixBytes: number, options: PrefixOptions): Promise<Sha256>;
  /** How many bytes a partial has now, safe or not, finished or not; null where there is none. Reads none of them. */
  sizeOf(stagedId: StagedId): Promise<number | null>;
}

/** A stored blob opened for reading. Reading finishes on these bytes even when the blob is deleted meanwhile. */
export interface OpenBlob extends Closable {
  readonly sizeBytes: number;
  /** Pours `[start, endExclusive)` into the sink; each call reads anew. The blob closes itself when the pour ends or stops. */
  pourInto(sink: ByteSink, range: ByteRange): Pour;
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
  readonly partials: PartialBlobs;
  stage(stagedId: StagedId, source: ByteSource, options: StageOptions): Promise<StageOutcome>;
  /** Makes staged bytes the blob `digest`. Succeeds when the blob is already there, staged or not; else `absent`. */
  promote(stagedId: StagedId, digest: Sha256): Promise<void>;
  /** Drops staged bytes, and partial ones. */
  release(stagedId: StagedId): Promise<void>;
  open(digest: Sha256): Promise<OpenBlob>;
  /** Opens staged bytes, which must be finished: else `absent`, as once they are promoted or released. What is open is read to its end whatever becomes of them. */
  openStaged(stagedId: StagedId): Promise<OpenBlob>;
  /**
   * Digests of a stored blob, or of the range of it, one for each algorithm asked for, in that order; read and hashed off the main
   * thread. `absent` without the blob, `corrupt` where it does not reach so far, and `cancelled` once the signal aborts.
   */
  checksumsOf(
    digest: Sha256,
    algorithms: readonly ChecksumAlgorithm[],
    options: { readonly signal: CancelSignal; readonly range?: ByteRange },
  ): Promise<readonly Checksum[]>;
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
