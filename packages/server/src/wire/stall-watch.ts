import type { Clock, Closable } from "../ports/index.ts";

const PERIOD_MS = 1000;

/** A flow of bytes whose other side may fall silent. */
export interface Watched {
  /** Bytes moved so far. */
  readonly movedBytes: number;
  /** False while it is us who hold the flow back. */
  readonly waitsForPeer: boolean;
  /** Called once, when nothing has moved for too long. */
  stalled(): void;
}

interface Watching {
  readonly watched: Watched;
  readonly timeoutMs: number;
  movedBytes: number;
  sinceMs: number;
}

/** Finds flows whose peer does nothing, under one ticking for all and without a clock reading for each chunk. */
export class StallWatch implements Closable {
  readonly #clock: Clock;
  readonly #watchings = new Set<Watching>();
  readonly #ticking: Closable;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#ticking = clock.every(PERIOD_MS, () => this.#look());
  }

  /** Watches a flow until the result is closed or the flow has stalled. */
  watch(watched: Watched, timeoutMs: number): Closable {
    const watching: Watching = {
      watched,
      timeoutMs,
      movedBytes: watched.movedBytes,
      sinceMs: this.#clock.monotonicMs(),
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
      const { watched, timeoutMs } = watching;
      if (!watched.waitsForPeer || watched.movedBytes !== watching.movedBytes) {
        watching.movedBytes = watched.movedBytes;
        watching.sinceMs = nowMs;
      } else if (nowMs - watching.sinceMs >= timeoutMs) {
        this.#watchings.delete(watching);
        watched.stalled();
      }
    }
  }
}
