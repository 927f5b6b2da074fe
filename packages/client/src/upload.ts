// An upload, from the item to its new content version:
//
//   open session ─► for each file: see file-upload.ts ─► complete ─► done
//        │                │
//        │                └─ interrupted: fail, and a server of ours keeps what came for the next upload
//        └─ on any other failure: fail, so that the item is free at once and the next try just works
//
// A keep-alive loop runs beside all of it. An answer of complete that was lost is looked up with get.
import { MESSAGE_HEADER, encodeExtValue } from "@contentlib/contract/bindings";
import { completeUpdateSession } from "./complete-update-session.ts";
import { inParallel } from "./in-parallel.ts";
import { keepAlive } from "./keep-alive.ts";
import { failSession, isInterruption, openSession } from "./open-session.ts";
import type { OpenSession } from "./open-session.ts";
import { startTransfer } from "./transfer.ts";
import type { Transfer, TransferControl } from "./transfer.ts";
import { fateOf } from "./upload-endpoint.ts";
import { sendFile } from "./upload-file.ts";
import type {
  UploadContext,
  UploadEvent,
  UploadFile,
  UploadOptions,
  UploadResult,
} from "./upload-options.ts";

/** A session's life without activity where it can not be told from its expiration, in milliseconds. */
const LIFETIME_MIN_MS = 3_000;
/** How many files are sent at a time where nobody says otherwise. */
const PARALLEL_FILES = 4;

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

/** Uploads under a control that is there already; rejects with what went wrong, once the session is put in order. */
export async function runUpload(
  context: UploadContext,
  options: UploadOptions,
  control: TransferControl<UploadEvent>,
): Promise<UploadResult> {
  const session = await openSession(context, options, control.signal);
  const { sessionId } = session;
  try {
    control.emit({ type: "session", sessionId, isTakenOver: session.found !== null });
    const files = await whileKeptAlive(context, sessionId, control, async (kept) => {
      const sent = await fillSession(context, session, options, kept);
      kept.emit({ type: "completing" });
      const headers = await completeHeaders(context, options, kept.signal);
      await completeUpdateSession({ ...context, headers }, sessionId, kept.signal);
      return sent;
    });
    control.emit({ type: "done", sessionId });
    return { sessionId, files };
  } catch (error) {
    control.emit({
      type: "failed",
      sessionId,
      ...(await endSession(context, session, options, error)),
    });
    throw error;
  }
}

/** Says what the change is, where the server keeps it. */
async function completeHeaders(
  context: UploadContext,
  { message }: UploadOptions,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  if (message === undefined || !(await context.isOurs(signal))) return {};
  return { [MESSAGE_HEADER]: encodeExtValue(message) };
}

/** Ends a session that will not be completed, and answers what became of it. */
async function endSession(
  context: UploadContext,
  { sessionId }: OpenSession,
  options: UploadOptions,
  error: unknown,
): Promise<{ readonly isEnded: boolean; readonly isKept: boolean }> {
  // Whoever sends the file now is the same account, and goes on with this session.
  if (fateOf(error) === "superseded") return { isEnded: true, isKept: false };
  const mayGoOn = isInterruption(error) && options.resume !== false;
  // Nothing is asked of a server that is perhaps not there: what is known of it has to do.
  const keepsBytes = mayGoOn && (await context.isOurs(AbortSignal.abort()).catch(() => false));
  const isEnded = await failSession(context, sessionId, { error, keepsBytes });
  return { isEnded, isKept: keepsBytes };
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
  session: OpenSession,
  options: UploadOptions,
  control: TransferControl<UploadEvent>,
): Promise<UploadResult["files"]> {
  const { sessionId, found } = session;
  if (options.removeOthers) await removeOthers(context, sessionId, options, control.signal);
  const canResume = options.resume !== false && (await context.isOurs(control.signal));
  const progress = followProgress(options.files, control);
  return await inParallel(
    options.files,
    options.parallel ?? PARALLEL_FILES,
    async (file, failed) => {
      control.emit({ type: "file", fileName: file.name, sizeBytes: file.source.sizeBytes });
      const info = await sendFile(
        context,
        {
          sessionId,
          file,
          canResume,
          found: found?.get(file.name) ?? null,
          onProgress: (sentBytes) => progress.tell(file.name, sentBytes),
        },
        { signal: AbortSignal.any([control.signal, failed]), emit: control.emit },
      );
      const sizeBytes = info.size ?? info.bytes_transferred;
      progress.note(file.name, sizeBytes);
      control.emit({ type: "verified", fileName: file.name, checksum: info.checksum_info });
      return { name: file.name, sizeBytes, checksum: info.checksum_info };
    },
  );
}

/** Adds up how far the files are. */
function followProgress(
  files: readonly UploadFile[],
  control: TransferControl<UploadEvent>,
): {
  readonly note: (fileName: string, sentBytes: number) => void;
  readonly tell: (fileName: string, sentBytes: number) => void;
} {
  const totalBytes = totalOf(files);
  const sent = new Map<string, number>();
  let totalSentBytes = 0;
  const note = (fileName: string, sentBytes: number): void => {
    totalSentBytes += sentBytes - (sent.get(fileName) ?? 0);
    sent.set(fileName, sentBytes);
  };
  return {
    note,
    tell: (fileName, sentBytes) => {
      note(fileName, sentBytes);
      control.emit({ type: "progress", fileName, sentBytes, totalSentBytes, totalBytes });
    },
  };
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
