import { withoutMembers } from "./archive-members.ts";
import { isRefusal, noteFileName } from "./errors.ts";
import { inParallel } from "./in-parallel.ts";
import type { OpenSession } from "./push-deed.ts";
import type { PushNotes } from "./push-notes.ts";
import type { TransferControl } from "./transfer.ts";
import { sendingWaves } from "./sending-waves.ts";
import { pullFile } from "./pull-file.ts";
import { sendFile } from "./upload-file.ts";
import type {
  UploadContext,
  UploadEvent,
  UploadFile,
  UploadOptions,
  UploadResult,
} from "./upload-options.ts";

/** How many files are sent at a time where nobody says otherwise. */
const PARALLEL_FILES = 4;

/** What is sent, and where to. */
export interface FilesToSend {
  readonly options: Omit<UploadOptions, "itemId">;
  readonly session: OpenSession;
  readonly notes: PushNotes;
  /** Told of each file, by its place among the files, once the server holds it READY. */
  readonly onReady: (index: number, file: UploadResult["files"][number]) => void;
}

/** Brings every file into the session, several at a time. Rejects with the first failure, once none is sent any more. */
export async function sendFiles(
  context: UploadContext,
  { options, session, notes, onReady }: FilesToSend,
  control: TransferControl<UploadEvent>,
): Promise<void> {
  const { sessionId, found } = session;
  const canResume = options.resume !== false && (await context.isOurs(control.signal));
  const progress = followProgress(options.files, control);
  const send = async (index: number, file: UploadFile, failed: AbortSignal): Promise<void> => {
    control.emit({ type: "file", fileName: file.name, sizeBytes: file.source.sizeBytes });
    const onProgress = (sentBytes: number): void => progress.tell(file.name, sentBytes);
    const signal = AbortSignal.any([control.signal, failed]);
    const { pulledFrom: endpoint } = file.source;
    const waits = options.waits !== false;
    const info =
      endpoint === undefined
        ? await sendFile(
            context,
            {
              sessionId,
              file,
              canResume,
              found: found?.get(file.name) ?? null,
              known: notes.known(file, { sessionId, canResume }),
              onProgress,
            },
            { signal, emit: control.emit },
          )
        : await pullFile(context, { sessionId, file, endpoint, waits, onProgress }, signal);
    const sizeBytes = info.size ?? info.bytes_transferred;
    progress.note(file.name, sizeBytes);
    if (info.status === "READY")
      control.emit({ type: "verified", fileName: file.name, checksum: info.checksum_info });
    // A server of ours needs no note of it: it can be asked for a digest.
    if (!canResume) await notes.noteReady(file.name);
    onReady(index, { name: file.name, sizeBytes, checksum: info.checksum_info });
  };
  const trySending = async (
    { file, index }: { readonly file: UploadFile; readonly index: number },
    failed: AbortSignal,
  ): Promise<void> => {
    try {
      await send(index, file, failed);
    } catch (error) {
      // What ends the whole push is about none of its files.
      if (!control.signal.aborted) noteFileName(error, file.name);
      throw error;
    }
  };
  const named = options.files.map((file, index) => ({ name: file.name, file, index }));
  for (const wave of sendingWaves(named))
    await inParallel(wave, options.parallel ?? PARALLEL_FILES, trySending);
}

/** Takes out of a session what is neither sent nor kept. */
export async function removeOthers(
  context: UploadContext,
  sessionId: string,
  { files, keep = [] }: Pick<UploadOptions, "files" | "keep">,
  signal: AbortSignal,
): Promise<void> {
  const { updateSessionFile } = context.services;
  const kept = new Set([...files.map((file) => file.name), ...keep]);
  const found = await updateSessionFile.list({ update_session_id: sessionId }, { signal });
  for (const { name } of withoutMembers(kept, found)) {
    if (!kept.has(name)) await remove(context, { sessionId, fileName: name }, signal);
  }
}

/** Takes a file out; one that is gone already was, by a request whose answer was lost. */
async function remove(
  { services }: UploadContext,
  { sessionId, fileName }: { readonly sessionId: string; readonly fileName: string },
  signal: AbortSignal,
): Promise<void> {
  const input = { update_session_id: sessionId, file_name: fileName };
  try {
    await services.updateSessionFile.remove(input, { signal });
  } catch (error) {
    // The name was listed a moment ago, so nothing else can be wrong with it.
    if (!isRefusal(error, "invalid_argument", "not_found")) throw error;
  }
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

const totalOf = (files: readonly UploadFile[]): number | undefined => {
  let totalBytes = 0;
  for (const { source } of files) {
    if (source.sizeBytes === undefined) return undefined;
    totalBytes += source.sizeBytes;
  }
  return totalBytes;
};
