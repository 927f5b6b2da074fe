import type { CancelSignal, Clock, Closable } from "../ports/index.ts";

/** How often running calls are looked at; a deadline is exact to this. */
const PERIOD_MS = 1000;

type Listener = () => void;

/** One running call, and the signal that tells it to stop. An `AbortController` for each would cost as much as reading a row. */
export class Deadline implements CancelSignal, Closable {
  readonly dueMs: number;
  readonly #running: Set<Deadline>;
  #listeners: Listener[] = [];
  #state: "running" | "aborted" | "over" = "running";

  constructor(dueMs: number, running: Set<Deadline>) {
    this.dueMs = dueMs;
    this.#running = running;
    running.add(this);
  }

  get aborted(): boolean {
    return this.#state === "aborted";
  }

  addEventListener(_type: "abort", listener: Listener): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: "abort", listener: Listener): void {
    const at = this.#listeners.lastIndexOf(listener);
    if (at >= 0) this.#listeners.splice(at, 1);
  }

  /** Gives up the call, because its caller is gone or its time is up; one that is over is left alone. */
  abort(): void {
    if (this.#state !== "running") return;
    this.#state = "aborted";
    this.#running.delete(this);
    for (const listener of this.#listeners.splice(0)) listener();
  }

  close(): void {
    if (this.#state !== "running") return;
    this.#state = "over";
    this.#running.delete(this);
  }
}

/** Deadlines of all running calls under one ticking: a timer for each would cost more than most calls. */
export class Deadlines implements Closable {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #running = new Set<Deadline>();
  readonly #ticking: Closable;

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#ticking = clock.every(PERIOD_MS, () => this.#abortLate());
  }

  /** Starts the time of one call. */
  open(): Deadline {
    return new Deadline(this.#clock.monotonicMs() + this.#timeoutMs, this.#running);
  }

  close(): void {
    this.#ticking.close();
  }

  #abortLate(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const deadline of this.#running) if (deadline.dueMs <= nowMs) deadline.abort();
  }
}
