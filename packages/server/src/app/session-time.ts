import type { Instant } from "../domain/ids.ts";
import type { Clock } from "../ports/index.ts";

/** How far wall time may run ahead of monotonic time between two looks before it counts as a jump. */
const JUMP_MS = 2_000;

/**
 * The time that sessions live by. When the wall clock jumps forward (a corrected clock, a machine that slept), no session has
 * been idle that long, so none may end before a full timeout from then: `floorAt`. The same holds after a start. (S31, S35)
 */
export class SessionTime {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  #lastWallAt: Instant;
  #lastMonotonicMs: number;
  #floorAt: Instant;

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#lastWallAt = clock.now();
    this.#lastMonotonicMs = clock.monotonicMs();
    this.#floorAt = this.#lastWallAt + timeoutMs;
  }

  get timeoutMs(): number {
    return this.#timeoutMs;
  }

  /** Wall time now; notices jumps. */
  now(): Instant {
    const wallAt = this.#clock.now();
    const monotonicMs = this.#clock.monotonicMs();
    const aheadMs = wallAt - this.#lastWallAt - (monotonicMs - this.#lastMonotonicMs);
    if (aheadMs > JUMP_MS) this.#floorAt = Math.max(this.#floorAt, wallAt + this.#timeoutMs);
    this.#lastWallAt = wallAt;
    this.#lastMonotonicMs = monotonicMs;
    return wallAt;
  }

  /** No ACTIVE session ends before this instant. */
  get floorAt(): Instant {
    this.now();
    return this.#floorAt;
  }
}
