import { PortError } from "../../../ports/port-error.ts";
import type { After } from "./after.ts";

/** How much long lists may hold together, in bytes: seven million ids. */
export const HELD_LIST_BYTES_MAX = 256 * 1024 * 1024;
/** How long a list waits for its turn, in milliseconds. */
export const PLACE_WAIT_MAX_MS = 10_000;

interface Waiting {
  admit(): void;
  refuse(error: PortError): void;
}

/**
 * Bounds what lists hold together. How long a list is shows only when it is there; so one is opened at a time, and only while
 * there is room left: what is held exceeds the bound by one list at most. Who finds no room waits, first come, first served.
 */
export class ListPlaces {
  readonly #after: After;
  readonly #bytesMax: number;
  readonly #waiting = new Set<Waiting>();
  #heldBytes = 0;
  #isOpening = false;

  constructor(after: After, bytesMax: number) {
    this.#after = after;
    this.#bytesMax = bytesMax;
  }

  /**
   * Takes the turn to open a list; `opened` ends it. Throws `unavailable` when there is no room in time, or when the catalog is
   * closed before.
   */
  async take(): Promise<void> {
    if (this.#isFree) {
      this.#isOpening = true;
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

  /** The list is there and holds so many bytes, none when it could not be opened. */
  opened(bytes: number): void {
    this.#isOpening = false;
    this.#heldBytes += bytes;
    this.#admitNext();
  }

  /** What a list held is free again. */
  giveBack(bytes: number): void {
    this.#heldBytes -= bytes;
    this.#admitNext();
  }

  close(): void {
    for (const waiting of this.#waiting) this.#refuse(waiting, "The catalog is closed.");
  }

  get #isFree(): boolean {
    return !this.#isOpening && this.#heldBytes < this.#bytesMax;
  }

  /** Hands the turn to whoever has waited longest. */
  #admitNext(): void {
    const [next] = this.#waiting;
    if (next === undefined || !this.#isFree) return;
    this.#waiting.delete(next);
    this.#isOpening = true;
    next.admit();
  }

  #refuse(waiting: Waiting, sentence: string): void {
    this.#waiting.delete(waiting);
    waiting.refuse(new PortError("unavailable", sentence, { retry: "safe" }));
  }
}
