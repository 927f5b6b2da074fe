import type { CancelSignal, Clock, Closable } from '../ports/index.ts'

/** How often running calls are looked at; a deadline is exact to this. */
const PERIOD_MS = 1000

/** One running call. */
export interface Deadline extends Closable {
  readonly signal: CancelSignal
  /** Gives up the call before its time, because its caller is gone. */
  abort(): void
}

interface Running {
  readonly dueMs: number
  readonly controller: AbortController
}

/** Deadlines of all running calls under one ticking: a timer for each would cost more than most calls. */
export class Deadlines implements Closable {
  readonly #clock: Clock
  readonly #timeoutMs: number
  readonly #running = new Set<Running>()
  readonly #ticking: Closable

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock
    this.#timeoutMs = timeoutMs
    this.#ticking = clock.every(PERIOD_MS, () => this.#abortLate())
  }

  /** Starts the time of one call. */
  open(): Deadline {
    const controller = new AbortController()
    const running: Running = { dueMs: this.#clock.monotonicMs() + this.#timeoutMs, controller }
    this.#running.add(running)
    return {
      signal: controller.signal,
      abort: () => controller.abort(),
      close: () => this.#running.delete(running),
    }
  }

  close(): void {
    this.#ticking.close()
  }

  #abortLate(): void {
    const nowMs = this.#clock.monotonicMs()
    for (const running of this.#running) {
      if (running.dueMs > nowMs) continue
      this.#running.delete(running)
      running.controller.abort()
    }
  }
}
