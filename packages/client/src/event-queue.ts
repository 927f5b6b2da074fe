/**
 * Events of a running transfer, for one reader. Progress that nobody has read yet is replaced by the progress that
 * follows it, so that a slow reader costs no memory.
 */
export class EventQueue<Event extends { readonly type: string }> implements AsyncIterable<Event> {
  readonly #events: Event[] = [];
  #wake: () => void = () => undefined;
  #ended: { readonly error: unknown } | "done" | undefined;

  push(event: Event): void {
    const last = this.#events.at(-1);
    if (event.type === "progress" && last?.type === "progress") this.#events.pop();
    this.#events.push(event);
    this.#wake();
  }

  /** No event follows; the reader ends normally. */
  end(): void {
    this.#ended ??= "done";
    this.#wake();
  }

  /** No event follows; the reader gets the error after the events before it. */
  fail(error: unknown): void {
    this.#ended ??= { error };
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void, undefined> {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) yield event;
      else if (this.#ended === "done") return;
      else if (this.#ended !== undefined) throw this.#ended.error;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
