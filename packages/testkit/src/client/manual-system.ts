/** What the client needs of the world, with time that stands still between calls: short pauses pass at once, long waits until `advance`. */
export interface ManualSystem {
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly sleep: (delayMs: number, signal?: AbortSignal) => Promise<void>;
  readonly random: () => number;
  readonly uuid: () => string;
  /** The pauses that were made, in milliseconds, in order. */
  readonly pausesMs: readonly number[];
  /** Moves time on and wakes whoever waited for less. */
  advance(byMs: number): void;
  /** Resolves once somebody waits for the given time or longer. */
  waiting(atLeastMs: number): Promise<void>;
}

interface Waiter {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** Time by hand. Pauses, by default waits of up to `passingMs`, pass at once; others are deadlines and keep-alives. */
export function manualSystem(
  passingMs: number,
  isPause: (delayMs: number) => boolean = (delayMs) => delayMs <= passingMs,
): ManualSystem {
  const waiters = new Set<Waiter>();
  const pausesMs: number[] = [];
  const observers: { readonly atLeastMs: number; readonly tell: () => void }[] = [];
  let nowMs = 1_700_000_000_000;
  let ids = 0;
  const sleep: ManualSystem["sleep"] = async (delayMs, signal) => {
    if (signal?.aborted) return;
    if (isPause(delayMs)) {
      pausesMs.push(delayMs);
      nowMs += delayMs;
      return;
    }
    await new Promise<void>((resolve) => {
      const end = (): void => {
        waiters.delete(waiter);
        resolve();
      };
      const waiter = { dueMs: nowMs + delayMs, wake: end };
      waiters.add(waiter);
      signal?.addEventListener("abort", end, { once: true });
      for (const observer of observers.splice(0)) {
        if (delayMs >= observer.atLeastMs) observer.tell();
        else observers.push(observer);
      }
    });
  };
  return {
    fetch: globalThis.fetch,
    now: () => nowMs,
    sleep,
    random: () => 0.5,
    uuid: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, "0")}`,
    pausesMs,
    advance(byMs) {
      nowMs += byMs;
      for (const waiter of waiters) if (waiter.dueMs <= nowMs) waiter.wake();
    },
    waiting: async (atLeastMs) => {
      if ([...waiters].some(({ dueMs }) => dueMs - nowMs >= atLeastMs)) return;
      await new Promise<void>((tell) => observers.push({ atLeastMs, tell }));
    },
  };
}
