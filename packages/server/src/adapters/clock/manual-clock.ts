import type { CancelSignal, Clock, Closable } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";

interface Alarm {
  dueMs: number;
  readonly ring: () => Promise<void> | void;
  readonly periodMs: number | null;
}

/** Time that stands still until a test moves it. Ticks and sleeps that become due run inside `advance`, in order. */
export class ManualClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;
  readonly #alarms = new Set<Alarm>();

  constructor(startsAt: number = Date.UTC(2026, 0, 1)) {
    this.#wallMs = startsAt;
  }

  now(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  every(periodMs: number, tick: () => Promise<void> | void): Closable {
    return this.#set({ dueMs: this.#monotonicMs + periodMs, ring: tick, periodMs });
  }

  async sleep(delayMs: number, signal?: CancelSignal): Promise<void> {
    if (signal?.aborted === true) throw cancelled();
    await new Promise<void>((resolve, reject) => {
      const alarm = this.#set({
        dueMs: this.#monotonicMs + delayMs,
        ring: resolve,
        periodMs: null,
      });
      signal?.addEventListener(
        "abort",
        () => {
          alarm.close();
          reject(cancelled());
        },
        { once: true },
      );
    });
  }

  /** Moves both clocks forward and waits for every tick that became due on the way. */
  async advance(elapsedMs: number): Promise<void> {
    const endMs = this.#monotonicMs + elapsedMs;
    for (let alarm = this.#next(endMs); alarm !== undefined; alarm = this.#next(endMs)) {
      this.#move(Math.max(alarm.dueMs, this.#monotonicMs));
      if (alarm.periodMs === null) this.#alarms.delete(alarm);
      else alarm.dueMs += alarm.periodMs;
      await alarm.ring();
      // Whoever slept gets to run before the next alarm rings.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#move(endMs);
  }

  /** Sets the wall clock, as an operator or a time service may; the monotonic clock does not notice. */
  jumpTo(wallMs: number): void {
    this.#wallMs = wallMs;
  }

  #set(alarm: Alarm): Closable {
    this.#alarms.add(alarm);
    return { close: () => this.#alarms.delete(alarm) };
  }

  #next(endMs: number): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.#alarms) {
      if (alarm.dueMs <= endMs && (first === undefined || alarm.dueMs < first.dueMs)) first = alarm;
    }
    return first;
  }

  #move(monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }
}

const cancelled = (): PortError => new PortError("cancelled", "The wait was cancelled.");
