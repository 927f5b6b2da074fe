import { Worker } from "node:worker_threads";

import type { ChecksumAlgorithm } from "../../../domain/checksum.ts";
import { PortError } from "../../../ports/port-error.ts";
import type { FromStagingThread, ToStagingThread } from "./staging-messages.ts";

/** What the owner of a transfer hears from its thread. */
export interface TransferEvents {
  onReturned(message: Extract<FromStagingThread, { kind: "returned" }>): void;
  onFinished(digests: Extract<FromStagingThread, { kind: "finished" }>["digests"]): void;
  /** The thread never touches the descriptor again; nothing more is heard. */
  onClosed(): void;
  /** The thread died or was ended, with the buffers it held. */
  onLost(error: PortError): void;
}

/** One transfer's line to its thread. */
export interface ThreadLine {
  write(buffer: ArrayBuffer, sizeBytes: number): void;
  finish(): void;
  close(): void;
}

// Run from source and from compiled files alike.
const threadFile = new URL(
  `./staging-thread${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`,
  import.meta.url,
);

/** The garbage of a thread is a few small objects a message; V8 would let it grow to many times this. */
const YOUNG_GENERATION_MAX_MIB = 2;

/** One worker thread and the transfers it serves. */
class StagingThread {
  readonly ready: Promise<boolean>;
  readonly ended: Promise<void>;
  readonly #worker: Worker;
  readonly #transfers = new Map<number, TransferEvents>();
  #promised = 0;
  #cause: unknown;
  #dead = false;

  constructor() {
    const ready = Promise.withResolvers<boolean>();
    const ended = Promise.withResolvers<void>();
    this.ready = ready.promise;
    this.ended = ended.promise;
    // The process's own flags are about its entry (`--test`, `--input-type`) and would stop the thread from starting.
    this.#worker = new Worker(threadFile, {
      env: {},
      execArgv: [],
      name: "staging",
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MAX_MIB },
    });
    this.#worker.on("message", (message: FromStagingThread) => {
      if (message.kind === "ready") ready.resolve(true);
      else this.#dispatch(message);
    });
    this.#worker.on("error", (error) => (this.#cause = error));
    this.#worker.on("exit", () => {
      this.#lose();
      ready.resolve(false);
      ended.resolve();
    });
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** Transfers that it serves, and those it was promised to. */
  get load(): number {
    return this.#transfers.size + this.#promised;
  }

  /** Promises the thread to a transfer, which then opens it or gives it back. */
  promise(): void {
    this.#promised += 1;
    this.#worker.ref();
  }

  giveBack(): void {
    this.#promised -= 1;
    this.#restWhenIdle();
  }

  open(
    transfer: number,
    fd: number,
    algorithms: readonly ChecksumAlgorithm[],
    events: TransferEvents,
  ): ThreadLine {
    this.#promised -= 1;
    this.#transfers.set(transfer, events);
    this.#send({ kind: "open", transfer, fd, algorithms });
    return {
      write: (buffer, sizeBytes) =>
        this.#send({ kind: "write", transfer, buffer, sizeBytes }, buffer),
      finish: () => this.#send({ kind: "finish", transfer }),
      close: () => this.#send({ kind: "close", transfer }),
    };
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
    await this.ended;
  }

  #send(message: ToStagingThread, moved?: ArrayBuffer): void {
    if (!this.#dead) this.#worker.postMessage(message, moved === undefined ? [] : [moved]);
  }

  #dispatch(message: Exclude<FromStagingThread, { kind: "ready" }>): void {
    const events = this.#transfers.get(message.transfer);
    if (events === undefined) return;
    switch (message.kind) {
      case "returned":
        return events.onReturned(message);
      case "finished":
        return events.onFinished(message.digests);
      case "closed":
        this.#transfers.delete(message.transfer);
        this.#restWhenIdle();
        return events.onClosed();
    }
  }

  /** An idle thread does not keep the process alive. */
  #restWhenIdle(): void {
    if (this.load === 0) this.#worker.unref();
  }

  #lose(): void {
    this.#dead = true;
    const lost = [...this.#transfers.values()];
    this.#transfers.clear();
    const error = new PortError("unavailable", "The thread that wrote the bytes has ended.", {
      cause: this.#cause,
    });
    for (const events of lost) events.onLost(error);
  }
}

/** The worker threads of one store, started when the first transfer wants one. */
export class StagingThreads {
  readonly #threadsMax: number;
  readonly #threads: StagingThread[] = [];
  #transfers = 0;
  #broken = false;

  constructor(threadsMax: number) {
    this.#threadsMax = threadsMax;
  }

  /** Transfers under way, and those about to begin. */
  get load(): number {
    return this.#threads.reduce((sum, thread) => sum + thread.load, 0);
  }

  /** The thread with the least to do, promised to the caller; null where none can be started, or the threads were ended. */
  async find(): Promise<StagingThread | null> {
    if (this.#broken) return null;
    const thread = this.#pick();
    thread.promise();
    if (!(await thread.ready)) this.#broken = true;
    if (!this.#broken && !thread.dead) return thread;
    thread.giveBack();
    return null;
  }

  /** A number that names a transfer between this store and its threads. */
  nextTransfer(): number {
    this.#transfers += 1;
    return this.#transfers;
  }

  /** Ends all threads; transfers under way are lost. Resolves when no thread runs. */
  async end(): Promise<void> {
    this.#broken = true;
    await Promise.all(this.#threads.splice(0).map((thread) => thread.end()));
  }

  #pick(): StagingThread {
    const alive = this.#threads.filter((thread) => !thread.dead);
    const [least] = alive.toSorted((one, other) => one.load - other.load);
    if (least !== undefined && (least.load === 0 || alive.length >= this.#threadsMax)) return least;
    const fresh = new StagingThread();
    this.#threads.splice(0, Infinity, ...alive, fresh);
    return fresh;
  }
}

export type { StagingThread };
