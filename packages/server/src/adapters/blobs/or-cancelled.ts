import type { CancelSignal } from "../../ports/clock.ts";
import { PortError } from "../../ports/port-error.ts";

/** What a promise gives, unless the signal aborts first: then it rejects as `cancelled`, and nobody waits for the promise. */
export const orCancelled = async <Result>(
  promise: Promise<Result>,
  signal: CancelSignal,
): Promise<Result> => {
  const cancelled = Promise.withResolvers<never>();
  const onAbort = (): void =>
    cancelled.reject(new PortError("cancelled", "The caller no longer waits."));
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([cancelled.promise, promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    promise.catch(() => undefined);
    cancelled.promise.catch(() => undefined);
  }
};
