import type { Clock, Closable } from "../ports/index.ts";

const PERIOD_MS = 1000;

/** A flow of bytes whose other side may fall silent. */
export interface Watched {
  /** Bytes moved so far. */
  readonly movedBytes: number;
  /** False while it is us who hold the flow back. */
  readonly waitsForPeer: boolean;
  /** Called once, when nothing, or too little, has moved for too long. */
  stalled(): void;
}

/** The least that a flow has to move, over a time long enough for any line that works at all. */
export interface Pace {
  readonly bytes: number;
  readonly periodMs: number;
}

/** How long nothing may move, and how little where a silence alone is not enough. */
export interface FlowLimits {
  readonly silenceMs: number;
  readonly pace?: Pace;
}

interface Watching {
  readonly watched: Watched;
  readonly limits: FlowLimits;
  movedBytes: number;
  sinceMs: number;
  /** What had moved when the present period of the pace began, and when that was. */
  pacedBytes: number;
  pacedSinceMs: number;
}

/** Whether a period of the pace has ended with too little in it; the next one begins where it has not. */
const isTrickle = (watching: Watching, nowMs: number): boolean => {
  const { pace } = watching.limits;
  const { movedBytes, waitsForPeer } = watching.watched;
  if (pace === undefined || (waitsForPeer && nowMs - watching.pacedSinceMs < pace.periodMs))
    return false;
  if (waitsForPeer && movedBytes - watching.pacedBytes < pace.bytes) return true;
  watching.pacedBytes = movedBytes;
  watching.pacedSinceMs = nowMs;
  return false;
};

/** Whether nothing has moved for too long. */
const isSilent = (watching: Watching, nowMs: number): boolean => {
  const { movedBytes, waitsForPeer } = watching.watched;
  if (waitsForPeer && movedBytes === watching.movedBytes)
    return nowMs - watching.sinceMs >= watching.limits.silenceMs;
  watching.movedBytes = movedBytes;
  watching.sinceMs = nowMs;
  return false;
};

/** Finds flows whose peer does nothing or next to nothing, under one ticking for all and without a clock reading for each chunk. */
export class StallWatch implements Closable {
  readonly #clock: Clock;
  readonly #watchings = new Set<Watching>();
  readonly #ticking: Closable;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#ticking = clock.every(PERIOD_MS, () => this.#look());
  }

  /** Watches a flow until the result is closed or the flow has stalled. A number is how long nothing may move, in milliseconds. */
  watch(watched: Watched, limits: FlowLimits | number): Closable {
    const nowMs = this.#clock.monotonicMs();
    const { movedBytes } = watched;
    const watching: Watching = {
      watched,
      limits: typeof limits === "number" ? { silenceMs: limits } : limits,
      movedBytes,
      sinceMs: nowMs,
      pacedBytes: movedBytes,
      pacedSinceMs: nowMs,
    };
    this.#watchings.add(watching);
    return { close: () => this.#watchings.delete(watching) };
  }

  close(): void {
    this.#ticking.close();
  }

  #look(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const watching of this.#watchings) {
      const hasStalled = isSilent(watching, nowMs);
      if (!isTrickle(watching, nowMs) && !hasStalled) continue;
      this.#watchings.delete(watching);
      watching.watched.stalled();
    }
  }
}
