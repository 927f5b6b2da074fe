/*
 * The worker engine: the main thread only copies and syncs, a staging thread hashes and writes.
 *
 *   chunk -> copy into a buffer of the ring -> transfer to the thread -> hash, write -> transferred back -> SyncSteps
 *
 * A transfer owns its ring from start to end, so it never waits for another one. A chunk that finds no buffer stays with the
 * source, which is paused, until buffers come home.
 */
import type { ChecksumAlgorithm } from "../../../domain/checksum.ts";
import type { StagingWriter, WriterEvents } from "../intake.ts";
import type { Digests } from "../running-digests.ts";
import type { OpenFile } from "./file-system.ts";
import { STAGING_BUFFER_BYTES, type StagingBuffers } from "./staging-buffers.ts";
import type { FromStagingThread } from "./staging-messages.ts";
import type { StagingThread, ThreadLine, TransferEvents } from "./staging-threads.ts";
import type { SyncSteps } from "./sync-steps.ts";

/** Buffers of one transfer: some being filled, some on their way, some being written. */
export const RING_BUFFERS = 8;

/** A paused source flows again when so many buffers are free, so that it is not stopped and started for each of them. */
const RESUME_AT_BUFFERS = 2;

export interface WorkerWriterTools {
  readonly thread: StagingThread;
  readonly transfer: number;
  readonly ring: readonly ArrayBuffer[];
  readonly buffers: StagingBuffers;
  readonly steps: SyncSteps;
  readonly events: WriterEvents;
}

export class WorkerWriter implements StagingWriter, TransferEvents {
  readonly #file: OpenFile;
  readonly #buffers: StagingBuffers;
  readonly #steps: SyncSteps;
  readonly #events: WriterEvents;
  readonly #line: ThreadLine;
  readonly #free: ArrayBuffer[];
  readonly #digests = Promise.withResolvers<Digests>();
  readonly #closed = Promise.withResolvers<void>();
  #filling: ArrayBuffer | null = null;
  #filledBytes = 0;
  #away = 0;
  /** The part of a chunk that found no buffer. */
  #held: Uint8Array | null = null;
  #paused = false;
  /** Syncs that must end before more is written. */
  #gates = 0;
  #finishing: "no" | "wanted" | "sent" = "no";
  #closing = false;

  constructor(file: OpenFile, algorithms: readonly ChecksumAlgorithm[], tools: WorkerWriterTools) {
    this.#file = file;
    this.#buffers = tools.buffers;
    this.#steps = tools.steps;
    this.#events = tools.events;
    this.#free = [...tools.ring];
    // Both are awaited only at the end, and a failure before that is told by `onFailure`.
    this.#digests.promise.catch(() => undefined);
    this.#line = tools.thread.open(tools.transfer, file.fd, algorithms, this);
  }

  write(bytes: Uint8Array): boolean {
    this.#held = this.#copy(bytes);
    const roomy =
      this.#held === null && this.#gates === 0 && (this.#filling !== null || this.#free.length > 0);
    this.#paused = !roomy;
    return roomy;
  }

  async finish(): Promise<Digests> {
    this.#finishing = "wanted";
    this.#goOn();
    const digests = await this.#digests.promise;
    await this.#steps.finish();
    await this.abandon();
    return digests;
  }

  async abandon(): Promise<void> {
    if (!this.#closing) {
      this.#closing = true;
      this.#held = null;
      this.#line.close();
    }
    await this.#closed.promise;
    await this.#steps.settled();
  }

  onReturned(message: Extract<FromStagingThread, { kind: "returned" }>): void {
    this.#away -= 1;
    this.#free.push(message.buffer);
    if (message.error !== undefined)
      return this.#fail(Object.assign(new Error(message.error.message), message.error));
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

  onFinished(digests: Extract<FromStagingThread, { kind: "finished" }>["digests"]): void {
    this.#digests.resolve(new Map(digests));
  }

  onClosed(): void {
    for (const buffer of this.#free.splice(0)) this.#buffers.give(buffer);
    if (this.#filling !== null) this.#buffers.give(this.#filling);
    this.#filling = null;
    this.#buffers.lose(this.#away);
    this.#away = 0;
    this.#closed.resolve();
  }

  onLost(error: unknown): void {
    this.onClosed();
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
    if (this.#closing) return;
    if (this.#held !== null) this.#held = this.#copy(this.#held);
    if (this.#held !== null || this.#gates > 0) return;
    if (this.#finishing === "wanted") {
      this.#finishing = "sent";
      this.#post();
      this.#line.finish();
    } else if (this.#paused && this.#free.length >= RESUME_AT_BUFFERS) {
      this.#paused = false;
      this.#events.onDrain();
    }
  }

  #fail(error: unknown): void {
    this.#digests.reject(error);
    if (!this.#closing) this.#events.onFailure(error);
  }
}
