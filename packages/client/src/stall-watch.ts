import type { System } from "./system.ts";

/** Watches over bytes in motion: a line that has gone dead without a word is only known by its silence. */
export interface StallWatch {
  /** Aborts when nothing has moved for long. */
  readonly stalled: AbortSignal;
  /** Something has moved. */
  readonly touch: () => void;
  readonly close: () => void;
}

/** A watch that runs until it is closed. It takes up to twice the time to see a silence of `silenceMs`. */
export function watchForStall(system: System, silenceMs: number): StallWatch {
  const stalled = new AbortController();
  const closed = new AbortController();
  let touches = 0;
  const watch = async (): Promise<void> => {
    for (;;) {
      const before = touches;
      await system.sleep(silenceMs, closed.signal);
      if (closed.signal.aborted) return;
      if (touches === before) return stalled.abort();
    }
  };
  void watch();
  return {
    stalled: stalled.signal,
    touch: () => void (touches += 1),
    close: () => closed.abort(),
  };
}
