/** Work of which only so much may be asked for at a time. */
export interface Few {
  readonly name: string;
  /** How much of that name may wait and run, together. */
  readonly most: number;
  /** What more of it is refused with. */
  refuse(): Error;
}

/**
 * Runs work on one key after the other; ids are given in lower case. It spares concurrent calls on one session the loop of clash and retry; that two of
 * them can never both win is the catalog's doing, not this one's.
 */
export class Exclusive {
  readonly #tails = new Map<string, Promise<void>>();
  readonly #asked = new Map<string, number>();

  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const { promise: mine, resolve: leave } = Promise.withResolvers<void>();
    const tail = before.then(() => mine);
    this.#tails.set(key, tail);
    await before;
    try {
      return await work();
    } finally {
      leave();
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }

  /** As `run`, for what can be asked for faster than it is done: others who wait under the key must not wait behind all of it. */
  async runFew<Result>(key: string, few: Few, work: () => Promise<Result>): Promise<Result> {
    const asked = this.#asked.get(few.name) ?? 0;
    if (asked >= few.most) throw few.refuse();
    this.#asked.set(few.name, asked + 1);
    try {
      return await this.run(key, work);
    } finally {
      const left = (this.#asked.get(few.name) ?? 1) - 1;
      if (left === 0) this.#asked.delete(few.name);
      else this.#asked.set(few.name, left);
    }
  }
}
