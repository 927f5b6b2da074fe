// An upload, from the session on its item to the new content version: the way is drawn in `push-state.ts`, and that of each file
// in `file-upload.ts`.
import type { PushEvent } from "./push-options.ts";
import { requireSendable } from "./require-sendable.ts";
import { resultOf, runPush } from "./run-push.ts";
import { startTransfer } from "./transfer.ts";
import type { Transfer } from "./transfer.ts";
import type { UploadContext, UploadEvent, UploadOptions, UploadResult } from "./upload-options.ts";

/**
 * Starts an upload; it rejects with what went wrong, once the session is put in order, or with a PushError at once for what can
 * not be sent.
 */
export const startUpload = (
  context: UploadContext,
  { itemId, ...options }: UploadOptions,
): Transfer<UploadEvent, UploadResult> =>
  startTransfer(options.signal, options.onEvent, async ({ signal, emit }) => {
    requireSendable(options);
    const control = {
      signal,
      emit: (event: PushEvent): void => (event.type === "item" ? undefined : emit(event)),
    };
    return resultOf(await runPush({ context, options, items: null, control }, itemId));
  });
