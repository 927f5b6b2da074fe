import { PortError } from "../../../ports/port-error.ts";

/** Files that are read at once to catch up with digests: a restart may leave many of them, and the disk and the threads serve transfers, too. */
export const READINGS_AT_ONCE_MAX = 2;

/** Somebody who reads a file. */
export interface Reader {
  /** Whether a caller waits for what it reads. */
  readonly isAwaited: boolean;
}

interface Waiting {
  readonly reader: Reader;
  readonly turn: PromiseWithResolvers<void>;
}

/** Who may read: a few at once, in the order in which they came, those that somebody waits for before all others. */
export class ReadingTurns {
  readonly #reading = new Set<Reader>();
  readonly #waiting: Waiting[] = [];
  readonly #readersMax: number;

  constructor(readersMax: number = READINGS_AT_ONCE_MAX) {
    this.#readersMax = readersMax;
  }

  /** Resolves when it is the reader's turn; rejects with a `PortError` of kind `cancelled` where it is withdrawn before. */
  async take(reader: Reader): Promise<void> {
    if (this.#reading.size < this.#readersMax) this.#reading.add(reader);
    else await this.#wait(reader, "last");
  }

  /** Whether a reader is to give way: nobody waits for it, but for one that has no turn. */
  isOthers(reader: Reader): boolean {
    return !reader.isAwaited && this.#waiting.some((each) => each.reader.isAwaited);
  }

  /**
   * Lets one in that somebody waits for, where nobody waits for this one, which goes on before those that have not begun. Rejects
   * as `take` does.
   */
  async giveWay(reader: Reader): Promise<void> {
    if (!this.isOthers(reader)) return;
    const again = this.#wait(reader, "first");
    this.end(reader);
    await again;
  }

  /** Ends the reader's turn where it has one. */
  end(reader: Reader): void {
    if (!this.#reading.delete(reader)) return;
    const awaited = this.#waiting.findIndex((each) => each.reader.isAwaited);
    const [next] = this.#waiting.splice(Math.max(awaited, 0), 1);
    if (next === undefined) return;
    this.#reading.add(next.reader);
    next.turn.resolve();
  }

  /** Ends the reader's waiting where it waits. */
  withdraw(reader: Reader): void {
    const at = this.#waiting.findIndex((each) => each.reader === reader);
    if (at < 0) return;
    const [gone] = this.#waiting.splice(at, 1);
    gone?.turn.reject(new PortError("cancelled", "The bytes are no longer to be hashed."));
  }

  #wait(reader: Reader, place: "first" | "last"): Promise<void> {
    const turn = Promise.withResolvers<void>();
    if (place === "last") this.#waiting.push({ reader, turn });
    else this.#waiting.unshift({ reader, turn });
    return turn.promise;
  }
}
