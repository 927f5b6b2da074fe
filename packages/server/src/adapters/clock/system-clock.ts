import type { CancelSignal, Clock, Closable } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";

/** The machine's clocks. A ticking does not keep the process alive by itself; a sleep that somebody waits for does. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonicMs(): number {
    return performance.now();
  }

  every(periodMs: number, tick: () => Promise<void> | void): Closable {
    let running = false;
    const run = async (): Promise<void> => {
      if (running) return;
      running = true;
      try {
        await tick();
      } finally {
        running = false;
      }
    };
    const timer = setInterval(() => void run(), periodMs);
    timer.unref();
    return { close: () => clearInterval(timer) };
  }

  async sleep(delayMs: number, signal?: CancelSignal): Promise<void> {
    if (signal?.aborted === true) throw cancelled();
    return await new Promise<void>((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", stop);
        settle();
      };
      const stop = (): void => finish(() => reject(cancelled()));
      const timer = setTimeout(() => finish(resolve), delayMs);
      signal?.addEventListener("abort", stop, { once: true });
    });
  }
}

const cancelled = (): PortError => new PortError("cancelled", "The wait was cancelled.");
