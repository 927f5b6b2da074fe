/*
 * The worker engine: the main thread only copies and syncs, a staging thread hashes and writes.
 *
 *   chunk -> copy into a buffer of the ring -> transfer to the thread -> hash, write -> transferred back -> SyncSteps
 *
 * A transfer owns its ring from start to end, so it never waits for another one. A chunk that finds no buffer stays with the
 * source, which is paused, until buffers come home.
 */
import type { WriterEvents } from "../intake.ts";
import type { OpenFile } from "./file-system.ts";
import { STAGING_BUFFER_BYTES, type StagingBuffers } from "./staging-buffers.ts";
import type { FromStagingThread } from "./staging-messages.ts";
import { type ThreadLine, type TransferEvents, errorOfThread } from "./staging-threads.ts";
import type { StagingWriter, TransferPlan } from "./staging-writer.ts";
import type { ThreadDigests } from "./standing-digests.ts";
import type { SyncSteps } from "./sync-steps.ts";

/** Buffers of one transfer: some being filled, some on their way, some being written. */
export const RING_BUFFERS = 8;

/** A paused source flows again when so many buffers are free, so that it is not stopped and started for each of them. */
const RESUME_AT_BUFFERS = 2;

export class WorkerWriter implements StagingWriter, TransferEvents {
  readonly #file: OpenFile;
  readonly #digests: ThreadDigests;
  readonly #buffers: StagingBuffers;
  readonly #steps: SyncSteps;
  readonly #events: WriterEvents;
  readonly #line: ThreadLine;
  readonly #free: ArrayBuffer[];
  readonly #flushed = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #filling: ArrayBuffer | null = null;
  #filledBytes = 0;
  #away = 0;
  /** The part of a chunk that found no buffer. */
  #held: Uint8Array | null = null;
  #paused = false;
  /** Syncs that must end before more is written. */
  #gates = 0;
  #flushing = false;
  #closing: { readonly keptBytes: number | null } | null = null;

  /** The thread of the digests must be promised to this transfer. */
  constructor(
    plan: TransferPlan,
    digests: ThreadDigests,
    tools: {
      readonly ring: readonly ArrayBuffer[];
      readonly buffers: StagingBuffers;
      readonly events: WriterEvents;
    },
  ) {
    this.#file = plan.file;
    this.#steps = plan.steps;
    this.#digests = digests;
    this.#buffers = tools.buffers;
    this.#events = tools.events;
    this.#free = [...tools.ring];
    // Awaited only at the end, and a failure before that is told by `onFailure`.
    this.#flushed.promise.catch(() => undefined);
    const { startBytes, pieceAlgorithm } = plan;
    this.#line = digests.thread.open(
      { fd: plan.file.fd, digests: digests.id, startBytes, pieceAlgorithm },
      this,
    );
  }

  write(bytes: Uint8Array): boolean {
    this.#held = this.#copy(bytes);
    const roomy =
      this.#held === null && this.#gates === 0 && (this.#filling !== null || this.#free.length > 0);
    this.#paused = !roomy;
    return roomy;
  }

  async flush(): Promise<void> {
    this.#flushing = true;
    this.#goOn();
    await this.#flushed.promise;
  }

  async pieceHex(): Promise<string> {
    return await this.#line.pieceHex();
  }

  async close(keptBytes: number | null): Promise<void> {
    if (this.#closing === null) {
      this.#closing = { keptBytes };
      this.#held = null;
      this.#line.close(keptBytes);
    }
    await this.#closed.promise;
    await this.#steps.settled();
  }

  onReturned(message: Extract<FromStagingThread, { kind: "returned" }>): void {
    this.#away -= 1;
    this.#free.push(message.buffer);
    if (message.error !== undefined) return this.#fail(errorOfThread(message.error));
    if (message.writtenBytes === 0) return;
    this.#file.noteThreadWrite?.(message.writtenBytes);
    const gate = this.#steps.written(message.writtenBytes);
    if (gate === null) return this.#goOn();
    this.#gates += 1;
    gate.then(
      () => {
        this.#gates -= 1;
        this.#goOn();
      },
      (error: unknown) => {
        this.#gates -= 1;
        this.#fail(error);
      },
    );
  }

  onClosed(isKept: boolean): void {
    this.#digests.standAt(isKept ? (this.#closing?.keptBytes ?? null) : null);
    for (const buffer of this.#free.splice(0)) this.#buffers.give(buffer);
    if (this.#filling !== null) this.#buffers.give(this.#filling);
    this.#filling = null;
    this.#buffers.lose(this.#away);
    this.#away = 0;
    this.#closed.resolve();
  }

  onLost(error: unknown): void {
    this.onClosed(false);
    this.#fail(error);
  }

  /** Copies into the ring as far as it goes; the rest is given back, null where nothing is left. */
  #copy(bytes: Uint8Array): Uint8Array | null {
    let rest = bytes;
    while (rest.byteLength > 0) {
      this.#filling ??= this.#free.pop() ?? null;
      if (this.#filling === null) return rest;
      const taken = rest.subarray(0, STAGING_BUFFER_BYTES - this.#filledBytes);
      new Uint8Array(this.#filling, this.#filledBytes).set(taken);
      this.#filledBytes += taken.byteLength;
      if (this.#filledBytes === STAGING_BUFFER_BYTES) this.#post();
      rest = rest.subarray(taken.byteLength);
    }
    return null;
  }

  #post(): void {
    if (this.#filling === null) return;
    this.#line.write(this.#filling, this.#filledBytes);
    this.#away += 1;
    this.#filling = null;
    this.#filledBytes = 0;
  }

  #goOn(): void {
    if (this.#closing !== null) return;
    if (this.#held !== null) this.#held = this.#copy(this.#held);
    if (this.#held !== null || this.#gates > 0) return;
    if (this.#flushing) {
      this.#post();
      if (this.#away === 0) this.#flushed.resolve();
    } else if (this.#paused && this.#free.length >= RESUME_AT_BUFFERS) {
      this.#paused = false;
      this.#events.onDrain();
    }
  }

  #fail(error: unknown): void {
    this.#flushed.reject(error);
    if (this.#closing === null) this.#events.onFailure(error);
  }
}
