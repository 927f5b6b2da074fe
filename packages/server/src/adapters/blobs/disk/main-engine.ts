/*
 * The main engine: hash each chunk as it comes, gather, write, sync in steps.
 *
 *   chunk -> hash -> copy into a pooled buffer -> queue -> one writev in flight -> SyncSteps
 *
 * A chunk is not copied when it is as large as a buffer, or when the budget has no buffer left: it is written from where it
 * lies, and the source stays paused until then. So no transfer ever waits for the buffers of another.
 *
 * Without digests nothing is hashed here: those of the partial catch up by reading the file.
 */
import type { WriterEvents } from "../intake.ts";
import { PieceDigest } from "../running-digests.ts";
import type { OpenFile } from "./file-system.ts";
import { STAGING_BUFFER_BYTES, type StagingBuffers } from "./staging-buffers.ts";
import type { StagingWriter, TransferPlan } from "./staging-writer.ts";
import type { MainDigests } from "./standing-digests.ts";
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
  readonly #digests: MainDigests | null;
  readonly #piece: PieceDigest | null;
  readonly #queue: Gather[] = [];
  #positionBytes: number;
  #filling: ArrayBuffer | null = null;
  #filledBytes = 0;
  /** Gathers in the queue or being written. */
  #pending = 0;
  #pausedUntil: "roomy" | "empty" | null = null;
  #flushing: Promise<void> | null = null;
  #failure: { readonly error: unknown } | null = null;
  #isClosed = false;

  constructor(
    plan: TransferPlan,
    digests: MainDigests | null,
    tools: { readonly buffers: StagingBuffers; readonly events: WriterEvents },
  ) {
    this.#file = plan.file;
    this.#steps = plan.steps;
    this.#positionBytes = plan.startBytes;
    this.#piece = plan.pieceAlgorithm === null ? null : new PieceDigest(plan.pieceAlgorithm);
    this.#buffers = tools.buffers;
    this.#events = tools.events;
    this.#digests = digests;
    digests?.running.begin();
  }

  write(bytes: Uint8Array): boolean {
    this.#digests?.running.update(bytes);
    this.#piece?.update(bytes);
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

  async flush(): Promise<void> {
    this.#closeGather();
    while (this.#flushing !== null) await this.#flushing;
    if (this.#failure !== null) throw this.#failure.error;
  }

  async pieceHex(): Promise<string> {
    return this.#piece?.hex() ?? "";
  }

  async close(keptBytes: number | null): Promise<void> {
    this.#isClosed = true;
    this.#closeGather();
    while (this.#flushing !== null) await this.#flushing;
    await this.#steps.settled();
    if (this.#digests?.running.standAt(keptBytes ?? -1) === false) this.#digests.forget();
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
    if (this.#isClosed || this.#failure !== null) return;
    try {
      const sizeBytes = await writeFully(this.#file, pieces, this.#positionBytes);
      this.#positionBytes += sizeBytes;
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
const writeFully = async (
  file: OpenFile,
  pieces: readonly Uint8Array[],
  position: number,
): Promise<number> => {
  let rest = pieces.filter((piece) => piece.byteLength > 0);
  let sizeBytes = 0;
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest, position + sizeBytes);
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
