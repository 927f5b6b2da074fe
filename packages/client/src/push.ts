import { pushErrorOf } from "./push-error.ts";
import type { PushPlace } from "./push-error.ts";
import { pushItems } from "./push-items.ts";
import type { PushContext, PushEvent, PushOptions, PushResult } from "./push-options.ts";
import { requireSendable } from "./require-sendable.ts";
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
    let place: PushPlace = {};
    const emit = (event: PushEvent): void => {
      if (event.type === "item" || event.type === "session") place = { ...place, ...idsIn(event) };
      control.emit(event);
    };
    try {
      requireSendable(options);
      const items = pushItems(context, { library, item, type });
      const parts = { context, options, items, control: { ...control, emit } };
      const end = await runPush(parts, null);
      const { itemId, place: found } = end.target;
      if (found === null || end.contentVersion === null)
        throw new Error("A push ended as if it were an upload.");
      return { ...resultOf(end), itemId, ...found, contentVersion: end.contentVersion };
    } catch (error) {
      throw pushErrorOf(error, place);
    }
  });

const idsIn = (event: Extract<PushEvent, { readonly type: "item" | "session" }>): PushPlace =>
  event.type === "item" ? { itemId: event.itemId } : { sessionId: event.sessionId };
