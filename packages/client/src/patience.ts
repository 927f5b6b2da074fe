import { RETRY_PAUSE_FIRST_MS, RETRY_PAUSE_MAX_MS } from "./retry.ts";
import type { System } from "./system.ts";

/** Where bytes go on from an offset, this many tries stand for one of `retriesMax`: a try costs little, and servers restart. */
export const RESUMED_TRIES = 3;

/** How long a transfer that does not get on is tried again. */
export interface PatienceLimits {
  readonly system: System;
  /** Tries in a row where no time is given. */
  readonly triesMax: number;
  /** Time in milliseconds without any new byte, which counts instead of the tries. */
  readonly retryForMs: number | undefined;
}

/** Counts what broke in a row. Bytes that were never moved before begin a new row, so that a slow line is not given up. */
export class Patience {
  readonly #limits: PatienceLimits;
  #tries = 0;
  #movedAt: number;
  #furthestBytes = 0;

  constructor(limits: PatienceLimits) {
    this.#limits = limits;
    this.#movedAt = limits.system.now();
  }

  /** Whether another try has no sense any more. */
  get isUsedUp(): boolean {
    const { system, triesMax, retryForMs } = this.#limits;
    return retryForMs === undefined
      ? this.#tries >= triesMax
      : system.now() - this.#movedAt >= retryForMs;
  }

  /** So many bytes have been moved in all. */
  note(bytes: number): void {
    if (bytes <= this.#furthestBytes) return;
    this.#furthestBytes = bytes;
    this.#tries = 0;
    this.#movedAt = this.#limits.system.now();
  }

  /** Waits a moment before the next try; it is longer the more have broken in a row. */
  async rest(signal: AbortSignal): Promise<void> {
    const { system } = this.#limits;
    const ceilingMs = Math.min(RETRY_PAUSE_MAX_MS, RETRY_PAUSE_FIRST_MS * 2 ** this.#tries);
    this.#tries += 1;
    await system.sleep(Math.round(ceilingMs * (0.5 + system.random() / 2)), signal);
  }
}
