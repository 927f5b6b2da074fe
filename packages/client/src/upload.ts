// An upload, from the item to its new content version:
//
//   create session ─► for each file: add ─► send bytes ─► wait for READY ─► compare digests ─► complete ─► done
//        │                             └─ the connection broke and the source can be read again: send again
//        └─ on any failure or abort: fail, so that the item is free at once and the next try just works
//
// A keep-alive loop runs beside all of it. An answer of complete that was lost is looked up with get.
import type { ChecksumInfo, UpdateSessionFileInfo, WarningBehavior } from "@contentlib/contract";
import { completeUpdateSession } from "./complete-update-session.ts";
import {
  AbortedError,
  ConnectionError,
  LibraryError,
  ProtocolError,
  isRefusal,
  textOf,
} from "./errors.ts";
import { keepAlive } from "./keep-alive.ts";
import { transferError } from "./refusal.ts";
import { RETRY_PAUSE_FIRST_MS } from "./retry.ts";
import type { ServerClock } from "./server-clock.ts";
import type { Services } from "./services/services.ts";
import type { System } from "./system.ts";
import { startTransfer } from "./transfer.ts";
import type { Transfer, TransferControl } from "./transfer.ts";
import type { SendReply, UploadSource } from "./upload-source.ts";

/** A file to send. */
export interface UploadFile {
  /** Its name in the item. A file of this name is replaced. */
  readonly name: string;
  readonly source: UploadSource;
  /** Checked by the server as the bytes arrive; give it where it is known beforehand. */
  readonly checksum?: ChecksumInfo;
}

/** What to upload, and where to. */
export interface UploadOptions {
  readonly itemId: string;
  readonly files: readonly UploadFile[];
  /** Removes every file of the item that is neither among `files` nor among `keep`; by default they stay. */
  readonly removeOthers?: boolean;
  /** Names of files that stay as they are although others are removed. */
  readonly keep?: readonly string[];
  readonly warningBehavior?: readonly WarningBehavior[];
  readonly signal?: AbortSignal;
  /** Told of each event as it happens, as an alternative to reading them. */
  readonly onEvent?: (event: UploadEvent) => void;
}

/** What happens in an upload. Sizes are in bytes; `totalBytes` is undefined when one file's size is not known. */
export type UploadEvent =
  | { readonly type: "session"; readonly sessionId: string }
  | { readonly type: "file"; readonly fileName: string; readonly sizeBytes: number | undefined }
  | {
      readonly type: "progress";
      readonly fileName: string;
      readonly sentBytes: number;
      readonly totalSentBytes: number;
      readonly totalBytes: number | undefined;
    }
  | { readonly type: "resending"; readonly fileName: string; readonly reason: string }
  | {
      readonly type: "verified";
      readonly fileName: string;
      readonly checksum: ChecksumInfo | undefined;
    }
  | { readonly type: "completing" }
  | { readonly type: "done"; readonly sessionId: string }
  /** `isEnded` is false when the server could not be told: the session then ends by its expiration. */
  | { readonly type: "failed"; readonly sessionId: string; readonly isEnded: boolean };

/** A finished upload. */
export interface UploadResult {
  readonly sessionId: string;
  readonly files: readonly {
    readonly name: string;
    readonly sizeBytes: number;
    readonly checksum: ChecksumInfo | undefined;
  }[];
}

/** What an upload uses of its client. */
export interface UploadContext {
  readonly services: Pick<Services, "updateSessions" | "updateSessionFiles">;
  readonly system: System;
  readonly serverClock: ServerClock;
  readonly retriesMax: number;
}

/** How long the server may take to hear that an upload has failed, in milliseconds. */
const FAIL_TIMEOUT_MS = 10_000;
/** Pause between two looks at a file the server still checks, in milliseconds. */
const CHECK_PAUSE_MS = 500;
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

/** Adds one file, sends its bytes, and answers once the server holds them READY and their digests agree. */
async function sendFile(
  context: UploadContext,
  sessionId: string,
  file: UploadFile,
  control: TransferControl<UploadEvent>,
  onProgress: (sentBytes: number) => void,
): Promise<UpdateSessionFileInfo> {
  const { signal } = control;
  const { sizeBytes } = file.source;
  const added = await context.services.updateSessionFiles.add(
    {
      update_session_id: sessionId,
      file_spec: {
        name: file.name,
        source_type: "PUSH",
        ...(sizeBytes === undefined ? {} : { size: sizeBytes }),
        ...(file.checksum === undefined ? {} : { checksum_info: file.checksum }),
      },
    },
    { signal, effect: "idempotent" },
  );
  const url = added.upload_endpoint?.uri;
  if (url === undefined)
    throw new ProtocolError(`The server gave no upload_endpoint for ${file.name}.`, {
      operation: "upload",
    });
  const reply = await sendBytes(context, sessionId, file, url, control, onProgress);
  const info = await awaitReady(context, sessionId, file.name, signal);
  compareDigests(file, reply, info);
  return info;
}

/** Sends the bytes, again from the first one where the connection breaks and the source can be read again. */
async function sendBytes(
  context: UploadContext,
  sessionId: string,
  file: UploadFile,
  url: string,
  control: TransferControl<UploadEvent>,
  onProgress: (sentBytes: number) => void,
): Promise<SendReply> {
  const { system, retriesMax } = context;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const reply = await file.source.send({ url, signal: control.signal, system, onProgress });
      if (reply.status >= 200 && reply.status < 300) return reply;
      throw transferError(reply, "upload");
    } catch (error) {
      const mayResend = error instanceof ConnectionError || isRefusal(error, "service_unavailable");
      if (!mayResend) throw error;
      const judged = await judgedBy(context, sessionId, file.name, control.signal);
      if (judged !== undefined) throw judged;
      if (!file.source.isReplayable || attempt >= retriesMax) throw error;
      control.emit({ type: "resending", fileName: file.name, reason: textOf(error) });
      await system.sleep(RETRY_PAUSE_FIRST_MS * 2 ** attempt, control.signal);
    }
  }
}

/** A server that refuses bytes early may cut the connection before its answer is read; the file's get has the reason. */
async function judgedBy(
  context: UploadContext,
  sessionId: string,
  fileName: string,
  signal: AbortSignal,
): Promise<LibraryError | undefined> {
  const info = await context.services.updateSessionFiles.get(
    { update_session_id: sessionId, file_name: fileName },
    { signal },
  );
  return info.status === "ERROR" ? fileError(info) : undefined;
}

const fileError = (info: UpdateSessionFileInfo): LibraryError => {
  const text = info.error_message ?? {
    id: "",
    default_message: `The server can not use ${info.name}.`,
    args: [],
  };
  const message = { id: text.id, default_message: text.default_message, args: text.args };
  return new LibraryError(
    { class: "invalid_argument", messages: [message], status: 400 },
    { operation: "upload" },
  );
};

async function awaitReady(
  context: UploadContext,
  sessionId: string,
  fileName: string,
  signal: AbortSignal,
): Promise<UpdateSessionFileInfo> {
  for (;;) {
    const info = await context.services.updateSessionFiles.get(
      { update_session_id: sessionId, file_name: fileName },
      { signal },
    );
    if (info.status === "READY") return info;
    if (info.status === "ERROR") throw fileError(info);
    if (info.status === "WAITING_FOR_TRANSFER") {
      throw new ProtocolError(`The server took ${fileName} but waits for it still.`, {
        operation: "upload",
      });
    }
    await context.system.sleep(CHECK_PAUSE_MS, signal);
  }
}

function compareDigests(file: UploadFile, reply: SendReply, info: UpdateSessionFileInfo): void {
  const here = reply.digest;
  const there = info.checksum_info;
  if (here === undefined || there === undefined || here.algorithm !== (there.algorithm ?? "SHA1"))
    return;
  if (here.checksum.toLowerCase() === there.checksum.toLowerCase()) return;
  const message = `${file.name} was damaged on its way: ${here.algorithm} ${here.checksum} was sent, and the server holds ${there.checksum}.`;
  throw new ProtocolError(message, { operation: "upload" });
}

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
