/*
 * The main engine: hash each chunk as it comes, gather, write, sync in steps.
 *
 *   chunk -> hash -> copy into a pooled buffer -> queue -> one writev in flight -> SyncSteps
 *
 * A chunk is not copied when it is as large as a buffer, or when the budget has no buffer left: it is written from where it
 * lies, and the source stays paused until then. So no transfer ever waits for the buffers of another.
 */
import type { ChecksumAlgorithm } from "../../../domain/checksum.ts";
import type { StagingWriter, WriterEvents } from "../intake.ts";
import { type Digests, RunningDigests } from "../running-digests.ts";
import type { OpenFile } from "./file-system.ts";
import { STAGING_BUFFER_BYTES, type StagingBuffers } from "./staging-buffers.ts";
import type { SyncSteps } from "./sync-steps.ts";

/** Gathers that may wait or be written while the source still flows. */
const GATHERS_AHEAD = 2;

interface Gather {
  readonly bytes: Uint8Array;
  /** Null for bytes that are the source's own. */
  readonly buffer: ArrayBuffer | null;
}

export class MainWriter implements StagingWriter {
  readonly #file: OpenFile;
  readonly #buffers: StagingBuffers;
  readonly #steps: SyncSteps;
  readonly #events: WriterEvents;
  readonly #digests: RunningDigests;
  readonly #queue: Gather[] = [];
  #filling: ArrayBuffer | null = null;
  #filledBytes = 0;
  /** Gathers in the queue or being written. */
  #pending = 0;
  #pausedUntil: "roomy" | "empty" | null = null;
  #flushing: Promise<void> | null = null;
  #failure: { readonly error: unknown } | null = null;
  #abandoned = false;

  constructor(
    file: OpenFile,
    algorithms: readonly ChecksumAlgorithm[],
    tools: {
      readonly buffers: StagingBuffers;
      readonly steps: SyncSteps;
      readonly events: WriterEvents;
    },
  ) {
    this.#file = file;
    this.#buffers = tools.buffers;
    this.#steps = tools.steps;
    this.#events = tools.events;
    this.#digests = new RunningDigests(algorithms);
  }

  write(bytes: Uint8Array): boolean {
    this.#digests.update(bytes);
    const rest = bytes.byteLength < STAGING_BUFFER_BYTES ? this.#gather(bytes) : bytes;
    if (rest !== null) {
      this.#closeGather();
      this.#enqueue({ bytes: rest, buffer: null });
      this.#pausedUntil = "empty";
    } else if (this.#pending >= GATHERS_AHEAD) {
      this.#pausedUntil ??= "roomy";
    }
    return this.#pausedUntil === null;
  }

  async finish(): Promise<Digests> {
    this.#closeGather();
    while (this.#flushing !== null) await this.#flushing;
    if (this.#failure !== null) throw this.#failure.error;
    await this.#steps.finish();
    return this.#digests.finish();
  }

  async abandon(): Promise<void> {
    this.#abandoned = true;
    this.#closeGather();
    while (this.#flushing !== null) await this.#flushing;
    await this.#steps.settled();
  }

  /** Copies into pooled buffers; what found no buffer is given back. */
  #gather(bytes: Uint8Array): Uint8Array | null {
    let rest = bytes;
    while (rest.byteLength > 0) {
      this.#filling ??= this.#buffers.take();
      if (this.#filling === null) return rest;
      const taken = rest.subarray(0, STAGING_BUFFER_BYTES - this.#filledBytes);
      new Uint8Array(this.#filling, this.#filledBytes).set(taken);
      this.#filledBytes += taken.byteLength;
      if (this.#filledBytes === STAGING_BUFFER_BYTES) this.#closeGather();
      rest = rest.subarray(taken.byteLength);
    }
    return null;
  }

  #closeGather(): void {
    if (this.#filling === null) return;
    const gather = {
      bytes: new Uint8Array(this.#filling, 0, this.#filledBytes),
      buffer: this.#filling,
    };
    this.#filling = null;
    this.#filledBytes = 0;
    this.#enqueue(gather);
  }

  #enqueue(gather: Gather): void {
    this.#queue.push(gather);
    this.#pending += 1;
    this.#flushing ??= this.#flush();
  }

  async #flush(): Promise<void> {
    // Begin after the caller's turn, so that nothing here runs inside `write`.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const gathers = this.#queue.splice(0);
      await this.#writeUnlessOver(gathers.map((gather) => gather.bytes));
      for (const { buffer } of gathers) if (buffer !== null) this.#buffers.give(buffer);
      this.#pending -= gathers.length;
      this.#drain();
    }
    this.#flushing = null;
  }

  async #writeUnlessOver(pieces: readonly Uint8Array[]): Promise<void> {
    if (this.#abandoned || this.#failure !== null) return;
    try {
      const sizeBytes = await writeFully(this.#file, pieces);
      await this.#steps.written(sizeBytes);
    } catch (error) {
      this.#failure = { error };
      this.#events.onFailure(error);
    }
  }

  #drain(): void {
    if (this.#pausedUntil === null || this.#failure !== null) return;
    if (this.#pending > (this.#pausedUntil === "empty" ? 0 : GATHERS_AHEAD - 1)) return;
    this.#pausedUntil = null;
    this.#events.onDrain();
  }
}

/** Writes all pieces, however little the system takes at a time, and says how many bytes that were. */
const writeFully = async (file: OpenFile, pieces: readonly Uint8Array[]): Promise<number> => {
  let rest = pieces.filter((piece) => piece.byteLength > 0);
  let sizeBytes = 0;
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest);
    if (bytesWritten === 0) throw new Error("The file takes no more bytes and does not say why.");
    sizeBytes += bytesWritten;
    rest = withoutFirst(rest, bytesWritten);
  }
  return sizeBytes;
};

const withoutFirst = (pieces: readonly Uint8Array[], sizeBytes: number): Uint8Array[] => {
  let toSkip = sizeBytes;
  return pieces.flatMap((piece) => {
    const skipped = Math.min(toSkip, piece.byteLength);
    toSkip -= skipped;
    return skipped === piece.byteLength ? [] : [piece.subarray(skipped)];
  });
};
