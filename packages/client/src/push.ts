import { pushErrorOf } from "./push-error.ts";
import { pushItems } from "./push-items.ts";
import type { PushContext, PushEvent, PushOptions, PushResult } from "./push-options.ts";
import { resultOf, runPush } from "./run-push.ts";
import { startTransfer } from "./transfer.ts";
import type { Transfer } from "./transfer.ts";

/**
 * Starts a push: names to ids, the item, made where it is missing, an upload into it, and what the item is then. The way is drawn
 * in `push-state.ts`. Its errors are PushErrors.
 */
export const startPush = (
  context: PushContext,
  { library, item, type, onEvent, ...options }: PushOptions,
): Transfer<PushEvent, PushResult> =>
  startTransfer(options.signal, onEvent, async (control) => {
    try {
      const items = pushItems(context, { library, item, type });
      const end = await runPush({ context, options, items, control }, null);
      const { itemId, place } = end.target;
      if (place === null || end.contentVersion === null)
        throw new Error("A push ended as if it were an upload.");
      return { ...resultOf(end), itemId, ...place, contentVersion: end.contentVersion };
    } catch (error) {
      throw pushErrorOf(error);
    }
  });
