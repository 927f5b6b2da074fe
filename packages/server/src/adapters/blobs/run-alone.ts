import type { CancelSignal } from "../../ports/clock.ts";
import { PortError } from "../../ports/port-error.ts";

/** A signal of our own: every small file makes two, and a platform's `AbortController` costs several times as much. */
class Cut implements CancelSignal {
  readonly #listeners = new Set<() => void>();
  #aborted = false;

  get aborted(): boolean {
    return this.#aborted;
  }

  readonly abort = (): void => {
    if (this.#aborted) return;
    this.#aborted = true;
    for (const listener of this.#listeners) listener();
  };

  addEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.delete(listener);
  }
}

/** A call under way on something that takes one at a time. */
export interface AloneRun {
  /** Ends it early. */
  abort(): void;
  readonly over: Promise<void>;
}

/** Something that takes one call at a time. */
export interface TakesOneRun {
  run: AloneRun | null;
}

/**
 * Runs a task with a signal that aborts with the caller's, and by `run.abort`. Rejects with a `PortError` of kind `exists` where
 * another one is under way.
 */
export const runAlone = async <Result>(
  subject: TakesOneRun,
  signal: CancelSignal,
  task: (cut: CancelSignal) => Promise<Result>,
): Promise<Result> => {
  if (subject.run !== null)
    throw new PortError("exists", "Another call is at work on these bytes.");
  const cut = new Cut();
  const over = Promise.withResolvers<void>();
  subject.run = { abort: cut.abort, over: over.promise };
  if (signal.aborted) cut.abort();
  else signal.addEventListener("abort", cut.abort, { once: true });
  try {
    return await task(cut);
  } finally {
    signal.removeEventListener("abort", cut.abort);
    subject.run = null;
    over.resolve();
  }
};
