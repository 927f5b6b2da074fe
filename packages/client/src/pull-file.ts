import type { SourceEndpoint, UpdateSessionFileInfo } from "@contentlib/contract";
import { aborted } from "./download-body.ts";
import { TimeoutError, noteFileName } from "./errors.ts";
import { fileError } from "./file-reasons.ts";
import { Patience, RESUMED_TRIES } from "./patience.ts";
import { persistently } from "./persistently.ts";
import type { UploadContext, UploadFile } from "./upload-options.ts";

/** Pauses between two looks at files that the server fetches, in milliseconds: the longer they stand still, the longer. */
const LOOK_PAUSE_MS = 500;
const LOOK_PAUSE_MAX_MS = 4_000;
/** How long such files may stand still before they are given up, in milliseconds: others may be fetched before them. */
const IDLE_MAX_MS = 30 * 60_000;

/** A file that the server is to fetch. */
export interface FileToPull {
  readonly sessionId: string;
  readonly file: UploadFile;
  readonly endpoint: SourceEndpoint;
  /** Whether its end is waited for. */
  readonly waits: boolean;
  readonly onProgress: (receivedBytes: number) => void;
}

/** Has the server fetch one file, and answers once it is READY, or at once where nobody waits. Throws what `settled` throws. */
export async function pullFile(
  context: UploadContext,
  { sessionId, file, endpoint, waits, onProgress }: FileToPull,
  signal: AbortSignal,
): Promise<UpdateSessionFileInfo> {
  const { updateSessionFile } = context.services;
  const { name, checksum } = file;
  const file_spec = {
    name,
    source_type: "PULL" as const,
    source_endpoint: endpoint,
    ...(checksum === undefined ? {} : { checksum_info: checksum }),
  };
  const added = await updateSessionFile.add(
    { update_session_id: sessionId, file_spec },
    { signal, effect: "idempotent" },
  );
  if (added.status === "ERROR") throw fileError(added);
  if (!waits || added.status === "READY") return added;
  const byName = { update_session_id: sessionId, file_name: name };
  let info = added;
  await settled(
    context,
    async () => {
      info = await updateSessionFile.get(byName, { signal });
      onProgress(info.bytes_transferred);
      return [info];
    },
    signal,
  );
  return info;
}

/**
 * Looks at files that the server fetches until all of them are READY. Throws what the look throws, LibraryError with the server's reason
 * for a file in ERROR, and TimeoutError where they stand still.
 */
export async function settled(
  { system, retriesMax, retryForMs }: UploadContext,
  look: () => Promise<readonly UpdateSessionFileInfo[]>,
  signal: AbortSignal,
): Promise<void> {
  const limits = { system, retryForMs, triesMax: retriesMax * RESUMED_TRIES };
  let before = "";
  for (let movedAt = system.now(); ;) {
    const files = await persistently(new Patience(limits), look, signal);
    for (const file of files)
      if (file.status === "ERROR") {
        const error = fileError(file);
        noteFileName(error, file.name);
        throw error;
      }
    const waiting = files.filter(({ status }) => status !== "READY");
    if (waiting.length === 0) return;
    const now = waiting.map(({ status, bytes_transferred: bytes }) => status + bytes).join();
    if (now !== before) movedAt = system.now();
    const idleMs = system.now() - movedAt;
    if (idleMs >= IDLE_MAX_MS) throw standsStill(waiting);
    before = now;
    await pause({ system }, signal, idleMs);
  }
}

/** Waits before the next look. Throws AbortedError. */
export async function pause(
  { system }: Pick<UploadContext, "system">,
  signal: AbortSignal,
  idleMs = 0,
): Promise<void> {
  await system.sleep(Math.min(LOOK_PAUSE_MS + idleMs / 10, LOOK_PAUSE_MAX_MS), signal);
  if (signal.aborted) throw aborted(signal.reason);
}

const standsStill = ([file]: readonly UpdateSessionFileInfo[]): TimeoutError =>
  new TimeoutError(
    `The server has fetched no byte of ${file?.name ?? ""} for ${IDLE_MAX_MS / 60_000} minutes.`,
    { operation: "upload" },
  );
