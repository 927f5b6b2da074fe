import type { ChecksumInfo } from "@contentlib/contract";
import type {
  DownloadContext,
  DownloadEvent,
  DownloadSink,
  FileSink,
  IncomingFile,
} from "./download-options.ts";
import { AbortedError, ConnectionError, ProtocolError, textOf } from "./errors.ts";
import type { ClientError } from "./errors.ts";
import { transferError } from "./refusal.ts";
import { RETRY_PAUSE_FIRST_MS } from "./retry.ts";
import type { TransferControl } from "./transfer.ts";
import { connectionError } from "./transport.ts";

/** Pause between two looks at a file the server still prepares, in milliseconds. */
const PREPARE_PAUSE_MS = 500;

/** A file of the session, with what the item says of it. */
export interface WantedFile {
  readonly name: string;
  readonly sizeBytes: number | undefined;
  readonly checksum: ChecksumInfo | undefined;
  /** Whether the checksum is that of the very content version which the session reads. */
  readonly isCertain: boolean;
}

/** Fetches one file into its sink and answers how many bytes it has; null when the sink has it already. */
export async function fetchFile(
  context: DownloadContext,
  sessionId: string,
  file: WantedFile,
  sink: DownloadSink,
  control: TransferControl<DownloadEvent>,
  onProgress: (receivedBytes: number) => void,
): Promise<number | null> {
  const { signal } = control;
  // A sink that is told for certain what to expect may have it already, and then no byte is asked for.
  const early = certainOf(file);
  const url = await prepare(context, sessionId, file.name, signal);
  const opened =
    early === undefined ? await openBody(context, url, 0, undefined, signal) : undefined;
  const target = await sink.open(early ?? incomingOf(file, opened), signal);
  if (target === null) {
    await opened?.body.cancel();
    return null;
  }
  try {
    const first = opened ?? (await openBody(context, url, 0, undefined, signal));
    const receivedBytes = await pour(context, url, first, file.name, target, control, onProgress);
    await target.finish();
    return receivedBytes;
  } catch (error) {
    await target.discard();
    throw error;
  }
}

function certainOf({ name, sizeBytes, checksum, isCertain }: WantedFile): IncomingFile | undefined {
  if (!isCertain || checksum === undefined || sizeBytes === undefined) return undefined;
  return { name, sizeBytes, checksums: [checksum] };
}

/** What the answer with the bytes tells counts before what was told of the item. */
function incomingOf(file: WantedFile, opened: OpenBody | undefined): IncomingFile {
  const checksum = digestOf(opened?.etag) ?? file.checksum;
  return {
    name: file.name,
    sizeBytes: file.sizeBytes ?? opened?.sizeBytes,
    checksums: checksum === undefined ? [] : [checksum],
  };
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
      headers: { ...(await context.endpointHeaders(url, signal)), ...headers },
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
  let open: OpenBody | undefined = first;
  for (let attempt = 0; ; attempt += 1) {
    try {
      open ??= await openBody(context, url, receivedBytes, first.etag, control.signal);
      const before = receivedBytes;
      for await (const chunk of chunksOf(open.body, url, control.signal)) {
        await target.write(chunk);
        receivedBytes += chunk.byteLength;
        onProgress(receivedBytes);
      }
      const isWhole = open.sizeBytes === undefined || receivedBytes - before === open.sizeBytes;
      if (isWhole) return receivedBytes;
      throw connectionError(url, new Error("it ended early"), { operation: "download" });
    } catch (error) {
      const mayContinue =
        error instanceof ConnectionError && receivedBytes > 0 && first.etag !== undefined;
      if (!mayContinue || attempt >= context.retriesMax) throw error;
      control.emit({ type: "continuing", fileName, reason: textOf(error) });
      await context.system.sleep(RETRY_PAUSE_FIRST_MS * 2 ** attempt, control.signal);
      open = undefined;
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
