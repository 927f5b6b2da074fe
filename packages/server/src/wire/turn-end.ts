/**
 * The end of the present turn of the event loop: when everything that has come in by now has been looked at. Replies wait for it
 * and leave together. Sent one by one, each would wake its reader for itself, and waking costs more than most replies.
 */
export class TurnEnd {
  #waiting: (() => void)[] = [];

  /** Runs the work at the end of the turn, and resolves after it; rejects with what the work throws. */
  run(work: () => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (this.#waiting.length === 0) setImmediate(() => this.#runAll());
    this.#waiting.push(() => {
      try {
        work();
        resolve();
      } catch (error) {
        reject(error);
      }
    });
    return promise;
  }

  #runAll(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const run of waiting) run();
  }
}
