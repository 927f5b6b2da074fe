/** Runs tasks with the same key one after the other, in the order in which they came. */
export class Exclusive<Key> {
  readonly #tails = new Map<Key, Promise<void>>();

  async run<Result>(key: Key, task: () => Promise<Result>): Promise<Result> {
    const before = this.#tails.get(key);
    const over = Promise.withResolvers<void>();
    this.#tails.set(key, over.promise);
    await before;
    try {
      return await task();
    } finally {
      if (this.#tails.get(key) === over.promise) this.#tails.delete(key);
      over.resolve();
    }
  }
}
