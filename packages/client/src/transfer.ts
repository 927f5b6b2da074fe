import { EventQueue } from "./event-queue.ts";

/** A running upload or download: events while it runs, a result at its end, and `abort` to give it up. */
export interface Transfer<Event, Result> extends AsyncIterable<Event> {
  /**
   * Settles when the transfer has ended and its session is put in order; rejects with what the loop over the events throws. Wait
   * for it, or read the events to their end: a failure that nobody sees is an unhandled rejection, as with any promise.
   */
  readonly result: Promise<Result>;
  /** Gives the transfer up: `result` rejects with an AbortedError once the server was told. */
  abort(reason?: unknown): void;
}

/** What the body of a transfer gets. */
export interface TransferControl<Event> {
  readonly signal: AbortSignal;
  readonly emit: (event: Event) => void;
}

/**
 * Starts a transfer at once. A failure is told by the events to who reads them, and by the result to who waits for it; who does
 * neither, and has not given it up, is to hear of it from the platform.
 */
export function startTransfer<Event extends { readonly type: string }, Result>(
  outer: AbortSignal | undefined,
  listener: ((event: Event) => void) | undefined,
  run: (control: TransferControl<Event>) => Promise<Result>,
): Transfer<Event, Result> {
  const controller = new AbortController();
  const queue = new EventQueue<Event>();
  const abort = (): void => controller.abort(outer?.reason);
  if (outer?.aborted) abort();
  outer?.addEventListener("abort", abort, { once: true });
  const emit = (event: Event): void => {
    queue.push(event);
    listener?.(event);
  };
  const finish = async (): Promise<Result> => {
    try {
      const result = await run({ signal: controller.signal, emit });
      queue.end();
      return result;
    } catch (error) {
      queue.fail(error);
      throw error;
    } finally {
      outer?.removeEventListener("abort", abort);
    }
  };
  const result = finish();
  const noteSeen = (): void => void result.catch(() => undefined);
  if (controller.signal.aborted) noteSeen();
  controller.signal.addEventListener("abort", noteSeen, { once: true });
  return {
    result,
    abort: (reason) => controller.abort(reason),
    [Symbol.asyncIterator]: () => {
      noteSeen();
      return queue[Symbol.asyncIterator]();
    },
  };
}
