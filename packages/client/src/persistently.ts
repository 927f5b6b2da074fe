import { aborted } from "./download-body.ts";
import type { Patience } from "./patience.ts";
import { fateOf } from "./upload-endpoint.ts";

/** Asks until it is answered, or patience is used up. Throws what the last try threw. */
export async function persistently<Value>(
  patience: Patience,
  ask: () => Promise<Value>,
  signal: AbortSignal,
): Promise<Value> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (fateOf(error) !== "broke" || patience.isUsedUp) throw error;
      await patience.rest(signal);
      if (signal.aborted) throw aborted(error);
    }
  }
}
