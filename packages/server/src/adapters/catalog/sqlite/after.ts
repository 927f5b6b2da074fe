/** Calls `ring` once when that many milliseconds are over. What it returns calls it off. */
export type After = (delayMs: number, ring: () => void) => () => void;

/** By the system's timer, which keeps no process alive. */
export const systemAfter: After = (delayMs, ring) => {
  const timer = setTimeout(ring, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
};
