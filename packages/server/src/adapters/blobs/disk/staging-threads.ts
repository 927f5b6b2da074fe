import { Worker } from "node:worker_threads";

import type { ChecksumAlgorithm } from "../../../domain/checksum.ts";
import { invariant } from "../../../domain/invariant.ts";
import { PortError } from "../../../ports/port-error.ts";
import type {
  FromStagingThread,
  RunningKind,
  StagingDuty,
  ThreadAnswer,
  ThreadError,
  ThreadQuestion,
  ToStagingThread,
} from "./staging-messages.ts";

/** What the owner of a transfer hears from its thread. */
export interface TransferEvents {
  onReturned(message: Extract<FromStagingThread, { kind: "returned" }>): void;
  /** The thread never touches the descriptor again; nothing more is heard. `isKept` tells whether the digests can go on. */
  onClosed(isKept: boolean): void;
  /** The thread died or was ended, with the buffers it held. */
  onLost(error: PortError): void;
}

/** One transfer's line to its thread. */
export interface ThreadLine {
  write(buffer: ArrayBuffer, sizeBytes: number): void;
  /** The digest of the transfer's own bytes; all of them must have come back. */
  pieceHex(): Promise<string>;
  close(keptBytes: number | null): void;
}

/** What a transfer needs of its thread. */
export interface ThreadTransfer {
  readonly fd: number;
  /** The running digests to go on with. */
  readonly digests: number;
  readonly startBytes: number;
  readonly pieceAlgorithm: ChecksumAlgorithm | null;
}

/** The error that a thread told of, with its code. */
export const errorOfThread = (error: ThreadError): Error =>
  Object.assign(new Error(error.message), error);

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
  readonly #asked = new Map<number, PromiseWithResolvers<ThreadAnswer>>();
  #names = 0;
  #promised = 0;
  #cause: unknown;
  #dead = false;

  constructor(duty: StagingDuty) {
    const ready = Promise.withResolvers<boolean>();
    const ended = Promise.withResolvers<void>();
    this.ready = ready.promise;
    this.ended = ended.promise;
    // The process's own flags are about its entry (`--test`, `--input-type`) and would stop the thread from starting.
    this.#worker = new Worker(threadFile, {
      env: {},
      execArgv: [],
      name: duty === "archives" ? "archives" : "staging",
      workerData: duty,
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

  /** Begins a transfer that the thread was promised to. */
  open(transfer: ThreadTransfer, events: TransferEvents): ThreadLine {
    this.#promised -= 1;
    const name = this.#nextName();
    this.#transfers.set(name, events);
    this.#send({ kind: "open", transfer: name, ...transfer });
    return {
      write: (buffer, sizeBytes) =>
        this.#send({ kind: "write", transfer: name, buffer, sizeBytes }, buffer),
      pieceHex: async () => (await this.ask({ kind: "piece", transfer: name }, "piece")).hex,
      close: (keptBytes) => this.#send({ kind: "close", transfer: name, keptBytes }),
    };
  }

  /** Begins what runs over bytes in the thread, and gives its number. */
  begin(of: RunningKind): number {
    const running = this.#nextName();
    this.#send({ kind: "begin", running, of });
    return running;
  }

  forget(running: number): void {
    this.#send({ kind: "forget", running });
  }

  /** Rejects with the error of the thread, or where it ended. */
  async ask<Kind extends ThreadQuestion["kind"]>(
    question: ThreadQuestion,
    kind: Kind,
  ): Promise<Extract<ThreadAnswer, { readonly kind: Kind }>> {
    if (this.#dead) throw this.#lostError();
    const ask = this.#nextName();
    const answered = Promise.withResolvers<ThreadAnswer>();
    this.#asked.set(ask, answered);
    this.#worker.ref();
    this.#send({ kind: "ask", ask, question });
    const answer = await answered.promise;
    if (answer.kind === "failed") throw errorOfThread(answer.error);
    invariant(answer.kind === kind, "A thread answers what it was asked.");
    return answer as Extract<ThreadAnswer, { readonly kind: Kind }>;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
    await this.ended;
  }

  #send(message: ToStagingThread, moved?: ArrayBuffer): void {
    if (!this.#dead) this.#worker.postMessage(message, moved === undefined ? [] : [moved]);
  }

  #nextName(): number {
    this.#names += 1;
    return this.#names;
  }

  #dispatch(message: Exclude<FromStagingThread, { kind: "ready" }>): void {
    switch (message.kind) {
      case "returned":
        return this.#transfers.get(message.transfer)?.onReturned(message);
      case "closed": {
        const events = this.#transfers.get(message.transfer);
        this.#transfers.delete(message.transfer);
        this.#restWhenIdle();
        return events?.onClosed(message.isKept);
      }
      case "answered": {
        const answered = this.#asked.get(message.ask);
        this.#asked.delete(message.ask);
        this.#restWhenIdle();
        return answered?.resolve(message.answer);
      }
    }
  }

  /** An idle thread does not keep the process alive. */
  #restWhenIdle(): void {
    if (this.load === 0 && this.#asked.size === 0) this.#worker.unref();
  }

  #lostError(): PortError {
    return new PortError("unavailable", "The thread that kept the bytes has ended.", {
      cause: this.#cause,
    });
  }

  #lose(): void {
    this.#dead = true;
    const lost = [...this.#transfers.values()];
    const asked = [...this.#asked.values()];
    this.#transfers.clear();
    this.#asked.clear();
    const error = this.#lostError();
    for (const { reject } of asked) reject(error);
    for (const events of lost) events.onLost(error);
  }
}

/** The worker threads of one store, started when the first transfer wants one. */
export class StagingThreads {
  readonly #duty: StagingDuty;
  readonly #threadsMax: number;
  readonly #threads: StagingThread[] = [];
  #broken = false;

  constructor(duty: StagingDuty, threadsMax: number) {
    this.#duty = duty;
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

  /** Ends all threads; transfers under way are lost. Resolves when no thread runs. */
  async end(): Promise<void> {
    this.#broken = true;
    await Promise.all(this.#threads.splice(0).map((thread) => thread.end()));
  }

  #pick(): StagingThread {
    const alive = this.#threads.filter((thread) => !thread.dead);
    const [least] = alive.toSorted((one, other) => one.load - other.load);
    if (least !== undefined && (least.load === 0 || alive.length >= this.#threadsMax)) return least;
    const fresh = new StagingThread(this.#duty);
    this.#threads.splice(0, Infinity, ...alive, fresh);
    return fresh;
  }
}

export type { StagingThread };
