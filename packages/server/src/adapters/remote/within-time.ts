import type { CancelSignal, Clock } from "../../ports/index.ts";
import { RemoteError } from "../../ports/index.ts";

/** How long something may take, and what is said where it takes longer. */
export interface Patience {
  readonly clock: Pick<Clock, "sleep">;
  readonly limitMs: number;
  /** Ends the work as well; its reason is a `RemoteError`. */
  readonly signal: AbortSignal;
  readonly late: () => RemoteError;
}

const cancelled = (): RemoteError => new RemoteError("cancelled", "The fetch was cancelled.");

/** A signal of the platform that aborts when the other one does, with a `RemoteError` as its reason. */
export const followed = (signal: CancelSignal): AbortController => {
  const controller = new AbortController();
  const stop = (): void => controller.abort(cancelled());
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  controller.signal.addEventListener("abort", () => signal.removeEventListener("abort", stop));
  return controller;
};

/** The work, which gets a signal to end by; rejects with what `late` makes when its time is up. */
export const withinTime = async <Result>(
  { clock, limitMs, signal, late }: Patience,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const controller = new AbortController();
  const stop = (): void => controller.abort(signal.reason);
  if (signal.aborted) throw signal.reason;
  signal.addEventListener("abort", stop, { once: true });
  const done = new AbortController();
  clock.sleep(limitMs, done.signal).then(
    () => controller.abort(late()),
    // The work was done in time.
    () => undefined,
  );
  const ended = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason as Error));
  });
  try {
    return await Promise.race([work(controller.signal), ended]);
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    done.abort();
    signal.removeEventListener("abort", stop);
  }
};
