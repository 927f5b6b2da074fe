import { PortError } from "../../../ports/port-error.ts";
import type { After } from "./after.ts";

/** How many long lists may be open at once; each holds its ids, 36 bytes an id. */
export const OPEN_LISTS_MAX = 16;
/** How long a list waits for a free place, in milliseconds. */
export const PLACE_WAIT_MAX_MS = 10_000;

interface Waiting {
  admit(): void;
  refuse(error: PortError): void;
}

/** Bounds how many lists are held at once. Who finds no place waits for one, first come, first served. */
export class ListPlaces {
  readonly #after: After;
  readonly #waiting = new Set<Waiting>();
  #free = OPEN_LISTS_MAX;

  constructor(after: After) {
    this.#after = after;
  }

  /** Takes a place. Throws `unavailable` when none gets free in time, or when the catalog is closed before. */
  async take(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { admit: resolve, refuse: reject };
    this.#waiting.add(waiting);
    const callOff = this.#after(PLACE_WAIT_MAX_MS, () =>
      this.#refuse(waiting, "Too many long lists are being read at once."),
    );
    try {
      await promise;
    } finally {
      callOff();
    }
  }

  /** Hands the place to whoever has waited longest. */
  giveBack(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next.admit();
  }

  close(): void {
    for (const waiting of this.#waiting) this.#refuse(waiting, "The catalog is closed.");
  }

  #refuse(waiting: Waiting, sentence: string): void {
    this.#waiting.delete(waiting);
    waiting.refuse(new PortError("unavailable", sentence, { retry: "safe" }));
  }
}
