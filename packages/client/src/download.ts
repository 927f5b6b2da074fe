// A download: create session ─► for each file: prepare ─► fetch ─► the sink writes, verifies and keeps it ─► delete.
//
// A connection that breaks is continued where it broke, as long as the file is still the same. The sink keeps its part
// where another download can go on with it, else it throws it away; the session is deleted all the same.
import type { DownloadSessionModel, ItemFileInfo } from "@contentlib/contract";
import { fetchFile } from "./download-file.ts";
import type { WantedFile } from "./download-file.ts";
import { MissingFileError } from "./download-options.ts";
import type {
  DownloadContext,
  DownloadEvent,
  DownloadOptions,
  DownloadResult,
} from "./download-options.ts";
import { keepAlive } from "./keep-alive.ts";
import { startTransfer } from "./transfer.ts";
import type { Transfer, TransferControl } from "./transfer.ts";

/** How long the server may take to hear that a download has ended, in milliseconds. */
const DELETE_TIMEOUT_MS = 10_000;
/** The same where somebody has given it up and waits, in milliseconds. */
const ABORT_TIMEOUT_MS = 4_500;
/** A session's life without activity where it can not be told from its expiration, in milliseconds. */
const LIFETIME_MIN_MS = 3_000;
/** Starts a download; see the drawing above. */
export const startDownload = (
  context: DownloadContext,
  options: DownloadOptions,
): Transfer<DownloadEvent, DownloadResult> =>
  startTransfer(
    options.signal,
    options.onEvent,
    async (control) => await runDownload(context, options, control),
  );

async function runDownload(
  context: DownloadContext,
  options: DownloadOptions,
  control: TransferControl<DownloadEvent>,
): Promise<DownloadResult> {
  const { downloadSession } = context.services;
  const sessionId = await createSession(context, options, control.signal);
  const byId = { download_session_id: sessionId };
  control.emit({ type: "session", sessionId });
  try {
    const session = await downloadSession.get(byId, { signal: control.signal });
    const lifetimeMs = Date.parse(session.expiration_time) - context.serverClock.now();
    const keeper = keepAlive({
      system: context.system,
      lifetimeMs: Math.max(LIFETIME_MIN_MS, lifetimeMs),
      send: async (signal) => await downloadSession.keepAlive(byId, { signal }),
    });
    try {
      const signal = AbortSignal.any([control.signal, keeper.lost]);
      const files = await fetchFiles(context, session, options, { signal, emit: control.emit });
      control.emit({ type: "done" });
      return { contentVersion: session.library_item_content_version, files };
    } catch (error) {
      if (keeper.lost.aborted && !control.signal.aborted) throw keeper.lost.reason;
      throw error;
    } finally {
      keeper.close();
    }
  } finally {
    const timeoutMs = control.signal.aborted ? ABORT_TIMEOUT_MS : DELETE_TIMEOUT_MS;
    const limits = { timeoutMs, deadlineMs: timeoutMs };
    await downloadSession.delete(byId, limits).catch(() => undefined);
  }
}

async function createSession(
  { services, system }: DownloadContext,
  { itemId, version }: DownloadOptions,
  signal: AbortSignal,
): Promise<string> {
  const client_token = system.uuid();
  if (version === undefined) {
    const input = { client_token, create_spec: { library_item_id: itemId } };
    return await services.downloadSession.create(input, { signal });
  }
  const input = { client_token, library_item: itemId, version };
  return await services.itemVersion.download(input, { signal });
}

/** The files of the content version that is wanted, which tell what a download session does not. */
async function toldFiles(
  { services }: DownloadContext,
  { itemId, version }: DownloadOptions,
  signal: AbortSignal,
): Promise<readonly ItemFileInfo[]> {
  if (version === undefined)
    return await services.itemFile.list({ library_item_id: itemId }, { signal });
  return (await services.itemVersion.get({ library_item: itemId, version }, { signal })).files;
}

async function fetchFiles(
  context: DownloadContext,
  session: DownloadSessionModel,
  options: DownloadOptions,
  control: TransferControl<DownloadEvent>,
): Promise<DownloadResult["files"]> {
  const wanted =
    options.original === true
      ? await originalOf(context, session, options, control.signal)
      : await wantedFiles(context, session, options, control.signal);
  const totalBytes = wanted.reduce<number | undefined>(
    (sum, { sizeBytes }) =>
      sum === undefined || sizeBytes === undefined ? undefined : sum + sizeBytes,
    0,
  );
  const fetched: DownloadResult["files"][number][] = [];
  let doneBytes = 0;
  for (const file of wanted) {
    control.emit({ type: "file", fileName: file.name, sizeBytes: file.sizeBytes });
    const before = doneBytes;
    const onProgress = (receivedBytes: number): void =>
      control.emit({
        type: "progress",
        fileName: file.name,
        receivedBytes,
        totalReceivedBytes: before + receivedBytes,
        totalBytes,
      });
    const way = { sessionId: session.id, file, sink: options.sink, onProgress };
    const receivedBytes = await fetchFile(context, way, control);
    const isSkipped = receivedBytes === null;
    const sizeBytes = receivedBytes ?? file.sizeBytes ?? 0;
    doneBytes += sizeBytes;
    control.emit({ type: isSkipped ? "skipped" : "verified", fileName: file.name });
    fetched.push({ name: file.name, sizeBytes, isSkipped });
  }
  return fetched;
}

/** The archive that the files of the session came in, which no list tells. */
async function originalOf(
  { services }: DownloadContext,
  { library_item_content_version: read }: DownloadSessionModel,
  { itemId }: DownloadOptions,
  signal: AbortSignal,
): Promise<readonly WantedFile[]> {
  const facts = await services.itemFact.get({ library_item: itemId }, { signal });
  const { original, version } = facts;
  if (original === undefined || version !== read)
    throw new MissingFileError(
      "There is no archive of these files: they did not come in one, or have changed since.",
    );
  const { name, size: sizeBytes, checksum_info: checksum } = original;
  return [{ name, sizeBytes, checksum, isCertain: true }];
}

/** The files of the session, with the checksums of the item's, which a download session shows only afterwards. */
async function wantedFiles(
  context: DownloadContext,
  session: DownloadSessionModel,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<readonly WantedFile[]> {
  const { downloadSessionFile } = context.services;
  const files = await downloadSessionFile.list({ download_session_id: session.id }, { signal });
  const told = await toldFiles(context, options, signal);
  const isCertain = await isOfVersion(context, session, options, signal);
  const missing =
    options.fileNames?.filter((name) => !files.some((file) => file.name === name)) ?? [];
  if (missing.length > 0) {
    const there = files.map((file) => file.name).join(", ") || "none";
    throw new MissingFileError(
      `The item has no file named ${missing.join(", ")}; it has: ${there}.`,
    );
  }
  return files
    .filter(({ name }) => options.fileNames?.includes(name) ?? true)
    .map((file) => {
      const same = told.find(({ name, size }) => name === file.name && size === file.size);
      return {
        name: file.name,
        sizeBytes: file.size,
        checksum: file.checksum_info ?? same?.checksum_info,
        isCertain,
      };
    });
}

/** Whether what was just told of the item is of the content version that the session reads: nothing has changed meanwhile. */
async function isOfVersion(
  { services }: DownloadContext,
  { library_item_content_version: read }: DownloadSessionModel,
  { itemId, version }: DownloadOptions,
  signal: AbortSignal,
): Promise<boolean> {
  if (version !== undefined) return true;
  const asked = services.item.get({ library_item_id: itemId }, { signal });
  return await asked.then(
    ({ content_version: present }) => read !== undefined && present === read,
    () => false,
  );
}
