import { SystemClock } from "@contentlib/server/adapters/clock/system-clock";

/** The machine's time, and some more. What waits is not woken when that grows: it looks at the time when it is asked. */
export class AheadClock extends SystemClock {
  aheadMs: number;

  constructor(aheadMs = 0) {
    super();
    this.aheadMs = aheadMs;
  }

  override now(): number {
    return super.now() + this.aheadMs;
  }

  override monotonicMs(): number {
    return super.monotonicMs() + this.aheadMs;
  }
}
