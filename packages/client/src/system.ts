/** What the client needs of the world around it. Tests hand in their own; everyone else takes `systemOf`. */
export interface System {
  /** The platform's fetch, or what stands in for it. */
  readonly fetch: typeof globalThis.fetch;
  /** Wall time in epoch milliseconds. */
  readonly now: () => number;
  /** Resolves after `delayMs`, or at once when the signal aborts: the caller looks at the signal. */
  readonly sleep: (delayMs: number, signal?: AbortSignal) => Promise<void>;
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number;
  /** A fresh UUID. */
  readonly uuid: () => string;
}

/** The platform's own clock, timers and randomness, in browsers and Node alike. */
export const systemOf = (fetch: typeof globalThis.fetch = globalThis.fetch): System => ({
  fetch: (input, init) => fetch(input, init),
  // oxlint-disable-next-line no-restricted-properties -- this file is the adapter to the platform's clock
  now: () => Date.now(),
  sleep,
  // oxlint-disable-next-line no-restricted-properties -- this file is the adapter to the platform's randomness
  random: () => Math.random(),
  // oxlint-disable-next-line no-restricted-globals -- this file is the adapter to the platform's randomness
  uuid: () => crypto.randomUUID(),
});

const sleep = (delayMs: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    // oxlint-disable-next-line no-restricted-globals -- this file is the adapter to the platform's timers
    const timer = setTimeout(end, delayMs);
    signal?.addEventListener("abort", end, { once: true });
  });
