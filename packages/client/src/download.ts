// A download: create session ─► for each file: prepare ─► fetch ─► the sink writes, verifies and keeps it ─► delete.
//
// A connection that breaks is continued where it broke, as long as the file is still the same. On a failure or an
// abort the sink throws its part away, and the session is deleted all the same.
import type { ChecksumInfo } from "@contentlib/contract";
import { AbortedError, ConnectionError, ProtocolError, textOf } from "./errors.ts";
import type { ClientError } from "./errors.ts";
import { keepAlive } from "./keep-alive.ts";
import { transferError } from "./refusal.ts";
import { RETRY_PAUSE_FIRST_MS } from "./retry.ts";
import type { ServerClock } from "./server-clock.ts";
import type { Services } from "./services/services.ts";
import type { System } from "./system.ts";
import { startTransfer } from "./transfer.ts";
import type { Transfer, TransferControl } from "./transfer.ts";
import { connectionError } from "./transport.ts";

/** A file that is about to be received. */
export interface IncomingFile {
  readonly name: string;
  readonly sizeBytes: number | undefined;
  /** What the bytes must add up to; empty when the server does not say. */
  readonly checksums: readonly ChecksumInfo[];
}

/** Takes the bytes of one file. */
export interface FileSink {
  write(chunk: Uint8Array): Promise<void>;
  /** All bytes were written: verify them and keep the file. Throws ProtocolError when they are not those announced. */
  finish(): Promise<void>;
  /** Throws away what was written. */
  discard(): Promise<void>;
}

/** Where downloaded files go. */
export interface DownloadSink {
  /** A sink for the file, or null to leave it out because it is there already. */
  open(file: IncomingFile): Promise<FileSink | null>;
}

/** What to download, and where to. */
export interface DownloadOptions {
  readonly itemId: string;
  /** Names of the files wanted; all when absent. */
  readonly fileNames?: readonly string[];
  readonly sink: DownloadSink;
  readonly signal?: AbortSignal;
  /** Told of each event as it happens, as an alternative to reading them. */
  readonly onEvent?: (event: DownloadEvent) => void;
}

/** What happens in a download. Sizes are in bytes. */
export type DownloadEvent =
  | { readonly type: "session"; readonly sessionId: string }
  | { readonly type: "file"; readonly fileName: string; readonly sizeBytes: number | undefined }
  | {
      readonly type: "progress";
      readonly fileName: string;
      readonly receivedBytes: number;
      readonly totalReceivedBytes: number;
      readonly totalBytes: number | undefined;
    }
  | { readonly type: "continuing"; readonly fileName: string; readonly reason: string }
  | { readonly type: "verified"; readonly fileName: string }
  | { readonly type: "skipped"; readonly fileName: string }
  | { readonly type: "done" };

/** A finished download. */
export interface DownloadResult {
  readonly contentVersion: string;
  readonly files: readonly {
    readonly name: string;
    readonly sizeBytes: number;
    readonly isSkipped: boolean;
  }[];
}

/** What a download uses of its client. */
export interface DownloadContext {
  readonly services: Pick<Services, "downloadSessions" | "downloadSessionFiles" | "itemFiles">;
  readonly system: System;
  readonly serverClock: ServerClock;
  readonly retriesMax: number;
}

/** How long the server may take to hear that a download has ended, in milliseconds. */
const DELETE_TIMEOUT_MS = 10_000;
/** Pause between two looks at a file the server still prepares, in milliseconds. */
const PREPARE_PAUSE_MS = 500;
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
  const { downloadSessions } = context.services;
  const input = {
    client_token: context.system.uuid(),
    create_spec: { library_item_id: options.itemId },
  };
  const sessionId = await downloadSessions.create(input, { signal: control.signal });
  const byId = { download_session_id: sessionId };
  control.emit({ type: "session", sessionId });
  try {
    const session = await downloadSessions.get(byId, { signal: control.signal });
    const lifetimeMs = Date.parse(session.expiration_time) - context.serverClock.now();
    const keeper = keepAlive({
      system: context.system,
      lifetimeMs: Math.max(LIFETIME_MIN_MS, lifetimeMs),
      send: async (signal) => await downloadSessions.keepAlive(byId, { signal }),
    });
    try {
      const signal = AbortSignal.any([control.signal, keeper.lost]);
      const files = await fetchFiles(context, sessionId, options, { signal, emit: control.emit });
      control.emit({ type: "done" });
      return { contentVersion: session.library_item_content_version, files };
    } catch (error) {
      if (keeper.lost.aborted && !control.signal.aborted) throw keeper.lost.reason;
      throw error;
    } finally {
      keeper.close();
    }
  } finally {
    const limits = { timeoutMs: DELETE_TIMEOUT_MS, deadlineMs: DELETE_TIMEOUT_MS };
    await downloadSessions.delete(byId, limits).catch(() => undefined);
  }
}

interface WantedFile {
  readonly name: string;
  readonly sizeBytes: number | undefined;
  readonly checksum: ChecksumInfo | undefined;
}

async function fetchFiles(
  context: DownloadContext,
  sessionId: string,
  options: DownloadOptions,
  control: TransferControl<DownloadEvent>,
): Promise<DownloadResult["files"]> {
  const wanted = await wantedFiles(context, sessionId, options, control.signal);
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
    const receivedBytes = await fetchFile(
      context,
      sessionId,
      file,
      options.sink,
      control,
      onProgress,
    );
    const isSkipped = receivedBytes === null;
    const sizeBytes = receivedBytes ?? file.sizeBytes ?? 0;
    doneBytes += sizeBytes;
    control.emit({ type: isSkipped ? "skipped" : "verified", fileName: file.name });
    fetched.push({ name: file.name, sizeBytes, isSkipped });
  }
  return fetched;
}

/** The files of the session, with the checksums of the item's, which a download session shows only afterwards. */
async function wantedFiles(
  context: DownloadContext,
  sessionId: string,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<readonly WantedFile[]> {
  const { downloadSessionFiles, itemFiles } = context.services;
  const files = await downloadSessionFiles.list({ download_session_id: sessionId }, { signal });
  const current = await itemFiles.list({ library_item_id: options.itemId }, { signal });
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
      const same = current.find(({ name, size }) => name === file.name && size === file.size);
      return {
        name: file.name,
        sizeBytes: file.size,
        checksum: file.checksum_info ?? same?.checksum_info,
      };
    });
}

/** A file was asked for that the item does not have. */
export class MissingFileError extends Error {
  override readonly name = "MissingFileError";
}

/** Fetches one file into its sink and answers how many bytes it has; null when the sink has it already. */
async function fetchFile(
  context: DownloadContext,
  sessionId: string,
  file: WantedFile,
  sink: DownloadSink,
  control: TransferControl<DownloadEvent>,
  onProgress: (receivedBytes: number) => void,
): Promise<number | null> {
  const url = await prepare(context, sessionId, file.name, control.signal);
  const first = await openBody(context, url, 0, undefined, control.signal);
  const digest = digestOf(first.etag);
  const checksums = [digest, digest === undefined ? file.checksum : undefined].filter(
    (one) => one !== undefined,
  );
  const target = await sink.open({
    name: file.name,
    sizeBytes: file.sizeBytes ?? first.sizeBytes,
    checksums,
  });
  if (target === null) {
    await first.body.cancel();
    return null;
  }
  try {
    const receivedBytes = await pour(context, url, first, file.name, target, control, onProgress);
    await target.finish();
    return receivedBytes;
  } catch (error) {
    await target.discard();
    throw error;
  }
}

async function prepare(
  context: DownloadContext,
  sessionId: string,
  fileName: string,
  signal: AbortSignal,
): Promise<string> {
  const { downloadSessionFiles } = context.services;
  const input = { download_session_id: sessionId, file_name: fileName };
  let info = await downloadSessionFiles.prepare(input, { signal });
  while (info.status === "PREPARE_REQUESTED" || info.status === "PREPARING") {
    await context.system.sleep(PREPARE_PAUSE_MS, signal);
    info = await downloadSessionFiles.get(input, { signal });
  }
  const url = info.download_endpoint?.uri;
  if (url !== undefined) return url;
  const reason = info.error_message?.default_message ?? `the status is ${info.status}`;
  throw new ProtocolError(`The server can not hand out ${fileName}: ${reason}.`, {
    operation: "download",
  });
}

interface OpenBody {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly etag: string | undefined;
  /** Size of what follows, as announced. */
  readonly sizeBytes: number | undefined;
}

/** Asks for the bytes from `start` on; a continuation only counts if the file is still the one with this tag. */
async function openBody(
  context: DownloadContext,
  url: string,
  start: number,
  etag: string | undefined,
  signal: AbortSignal,
): Promise<OpenBody> {
  const range =
    start === 0
      ? {}
      : { range: `bytes=${start}-`, ...(etag === undefined ? {} : { "if-range": etag }) };
  const response = await fetchOrThrow(context, url, range, signal);
  const wantedStatus = start === 0 ? 200 : 206;
  if (response.status !== wantedStatus || response.body === null) {
    const requestId = response.headers.get("x-request-id") ?? undefined;
    throw transferError(
      { status: response.status, body: await response.text(), requestId },
      "download",
    );
  }
  const length = response.headers.get("content-length");
  return {
    body: response.body,
    etag: response.headers.get("etag") ?? undefined,
    sizeBytes: length === null ? undefined : Number(length),
  };
}

async function fetchOrThrow(
  context: DownloadContext,
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await context.system.fetch(url, {
      headers,
      signal,
      redirect: "error",
      credentials: "omit",
    });
  } catch (cause) {
    throw receivingError(url, signal, cause);
  }
}

const receivingError = (url: string, signal: AbortSignal, cause: unknown): ClientError =>
  signal.aborted
    ? new AbortedError("The transfer was aborted.", { operation: "download", cause })
    : connectionError(url, cause, { operation: "download" });

/** Our servers tag a file with its SHA-256. */
const digestOf = (etag: string | undefined): ChecksumInfo | undefined => {
  const digits = /^"(?:sha-?256[:-])?([0-9a-f]{64})"$/i.exec(etag ?? "")?.[1];
  return digits === undefined ? undefined : { algorithm: "SHA256", checksum: digits };
};

/** Writes everything into the sink, going on after a broken connection where it broke. */
async function pour(
  context: DownloadContext,
  url: string,
  first: OpenBody,
  fileName: string,
  target: FileSink,
  control: TransferControl<DownloadEvent>,
  onProgress: (receivedBytes: number) => void,
): Promise<number> {
  let receivedBytes = 0;
  let open = first;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const before = receivedBytes;
      for await (const chunk of chunksOf(open.body, url, control.signal)) {
        await target.write(chunk);
        receivedBytes += chunk.byteLength;
        onProgress(receivedBytes);
      }
      if (open.sizeBytes === undefined || receivedBytes - before === open.sizeBytes)
        return receivedBytes;
      throw connectionError(url, new Error("the connection broke"), { operation: "download" });
    } catch (error) {
      const mayContinue =
        error instanceof ConnectionError && receivedBytes > 0 && first.etag !== undefined;
      if (!mayContinue || attempt >= context.retriesMax) throw error;
      control.emit({ type: "continuing", fileName, reason: textOf(error) });
      await context.system.sleep(RETRY_PAUSE_FIRST_MS * 2 ** attempt, control.signal);
      open = await openBody(context, url, receivedBytes, first.etag, control.signal);
    }
  }
}

/** The chunks of a body; what breaks the connection is told apart from what breaks the sink. */
async function* chunksOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  url: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader();
  try {
    for (;;) {
      let next;
      try {
        next = await reader.read();
      } catch (cause) {
        throw receivingError(url, signal, cause);
      }
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
