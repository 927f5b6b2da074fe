// An upload, from the item to its new content version:
//
//   create session ─► for each file: add ─► send bytes ─► wait for READY ─► compare digests ─► complete ─► done
//        │                             └─ the connection broke and the source can be read again: send again
//        └─ on any failure or abort: fail, so that the item is free at once and the next try just works
//
// A keep-alive loop runs beside all of it. An answer of complete that was lost is looked up with get.
import { completeUpdateSession } from "./complete-update-session.ts";
import { AbortedError, isRefusal, textOf } from "./errors.ts";
import { keepAlive } from "./keep-alive.ts";
import { startTransfer } from "./transfer.ts";
import type { Transfer, TransferControl } from "./transfer.ts";
import { sendFile } from "./upload-file.ts";
import type {
  UploadContext,
  UploadEvent,
  UploadFile,
  UploadOptions,
  UploadResult,
} from "./upload-options.ts";

/** How long the server may take to hear that an upload has failed, in milliseconds. */
const FAIL_TIMEOUT_MS = 10_000;
/** A session's life without activity where it can not be told from its expiration, in milliseconds. */
const LIFETIME_MIN_MS = 3_000;
/** Starts an upload; see the drawing above. */
export const startUpload = (
  context: UploadContext,
  options: UploadOptions,
): Transfer<UploadEvent, UploadResult> =>
  startTransfer(
    options.signal,
    options.onEvent,
    async (control) => await runUpload(context, options, control),
  );

async function runUpload(
  context: UploadContext,
  options: UploadOptions,
  control: TransferControl<UploadEvent>,
): Promise<UploadResult> {
  const sessionId = await createSession(context, options, control.signal);
  try {
    control.emit({ type: "session", sessionId });
    const files = await whileKeptAlive(context, sessionId, control, async (kept) => {
      const sent = await fillSession(context, sessionId, options, kept);
      kept.emit({ type: "completing" });
      await completeUpdateSession(context, sessionId, kept.signal);
      return sent;
    });
    control.emit({ type: "done", sessionId });
    return { sessionId, files };
  } catch (error) {
    const isEnded = await failSession(context, sessionId, error);
    control.emit({ type: "failed", sessionId, isEnded });
    throw error;
  }
}

/**
 * Creates the session under a token of our own, so that a lost answer is asked for again. If the abort comes in
 * between, the token finds the session that may have been made, and it is ended.
 */
async function createSession(
  context: UploadContext,
  options: UploadOptions,
  signal: AbortSignal,
): Promise<string> {
  const { updateSessions } = context.services;
  const warnings = options.warningBehavior;
  const input = {
    client_token: context.system.uuid(),
    create_spec: {
      library_item_id: options.itemId,
      ...(warnings === undefined ? {} : { warning_behavior: warnings }),
    },
  };
  if (signal.aborted) throw new AbortedError("The upload was aborted.", { operation: "upload" });
  try {
    return await updateSessions.create(input, { signal });
  } catch (error) {
    if (error instanceof AbortedError) {
      const sessionId = await updateSessions
        .create(input, { timeoutMs: FAIL_TIMEOUT_MS, retriesMax: 0 })
        .catch(() => undefined);
      if (sessionId !== undefined) await failSession(context, sessionId, error);
    }
    throw error;
  }
}

async function whileKeptAlive<Result>(
  context: UploadContext,
  sessionId: string,
  control: TransferControl<UploadEvent>,
  work: (kept: TransferControl<UploadEvent>) => Promise<Result>,
): Promise<Result> {
  const { updateSessions } = context.services;
  const session = await updateSessions.get(
    { update_session_id: sessionId },
    { signal: control.signal },
  );
  const lifetimeMs = Date.parse(session.expiration_time) - context.serverClock.now();
  let percent = 0;
  const keeper = keepAlive({
    system: context.system,
    lifetimeMs: Math.max(LIFETIME_MIN_MS, lifetimeMs),
    send: async (signal) => {
      await updateSessions.keepAlive(
        { update_session_id: sessionId, client_progress: percent },
        { signal },
      );
    },
  });
  const emit = (event: UploadEvent): void => {
    if (event.type === "progress" && event.totalBytes) {
      const share = Math.min(event.totalSentBytes, event.totalBytes) / event.totalBytes;
      percent = Math.max(percent, Math.floor(100 * share));
    }
    control.emit(event);
  };
  try {
    return await work({ signal: AbortSignal.any([control.signal, keeper.lost]), emit });
  } catch (error) {
    if (keeper.lost.aborted && !control.signal.aborted) throw keeper.lost.reason;
    throw error;
  } finally {
    keeper.close();
  }
}

async function fillSession(
  context: UploadContext,
  sessionId: string,
  options: UploadOptions,
  control: TransferControl<UploadEvent>,
): Promise<UploadResult["files"]> {
  if (options.removeOthers) await removeOthers(context, sessionId, options, control.signal);
  const totalBytes = totalOf(options.files);
  const sent: UploadResult["files"][number][] = [];
  let doneBytes = 0;
  for (const file of options.files) {
    control.emit({ type: "file", fileName: file.name, sizeBytes: file.source.sizeBytes });
    const before = doneBytes;
    const onProgress = (sentBytes: number): void =>
      control.emit({
        type: "progress",
        fileName: file.name,
        sentBytes,
        totalSentBytes: before + sentBytes,
        totalBytes,
      });
    const info = await sendFile(context, sessionId, file, control, onProgress);
    const sizeBytes = info.size ?? info.bytes_transferred;
    doneBytes += sizeBytes;
    control.emit({ type: "verified", fileName: file.name, checksum: info.checksum_info });
    sent.push({ name: file.name, sizeBytes, checksum: info.checksum_info });
  }
  return sent;
}

async function removeOthers(
  context: UploadContext,
  sessionId: string,
  { files, keep = [] }: UploadOptions,
  signal: AbortSignal,
): Promise<void> {
  const { updateSessionFiles } = context.services;
  const kept = new Set([...files.map((file) => file.name), ...keep]);
  for (const { name } of await updateSessionFiles.list(
    { update_session_id: sessionId },
    { signal },
  )) {
    if (!kept.has(name))
      await updateSessionFiles.remove(
        { update_session_id: sessionId, file_name: name },
        { signal },
      );
  }
}

const totalOf = (files: readonly UploadFile[]): number | undefined => {
  let totalBytes = 0;
  for (const { source } of files) {
    if (source.sizeBytes === undefined) return undefined;
    totalBytes += source.sizeBytes;
  }
  return totalBytes;
};

/** Ends the session in ERROR, whatever became of it; true when it has ended. */
async function failSession(
  context: UploadContext,
  sessionId: string,
  error: unknown,
): Promise<boolean> {
  const text = error instanceof AbortedError ? "The client gave the upload up." : textOf(error);
  try {
    await context.services.updateSessions.fail(
      { update_session_id: sessionId, client_error_message: text },
      { timeoutMs: FAIL_TIMEOUT_MS, deadlineMs: FAIL_TIMEOUT_MS, effect: "idempotent" },
    );
    return true;
  } catch (refused) {
    return isRefusal(refused, "not_allowed_in_current_state", "not_found");
  }
}
