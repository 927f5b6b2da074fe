import type { ChecksumInfo } from "@contentlib/contract";
import type {
  DownloadContext,
  DownloadEvent,
  DownloadSink,
  FileSink,
  IncomingFile,
} from "./download-options.ts";
import { AbortedError, LibraryError, ProtocolError, textOf } from "./errors.ts";
import type { ClientError } from "./errors.ts";
import { Patience, RESUMED_TRIES } from "./patience.ts";
import { transferError } from "./refusal.ts";
import type { TransferControl } from "./transfer.ts";
import { connectionError } from "./transport.ts";
import { fateOf } from "./upload-endpoint.ts";

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

/** A file on its way, and what it is fetched with. */
export interface FileToFetch {
  readonly sessionId: string;
  readonly file: WantedFile;
  readonly sink: DownloadSink;
  readonly onProgress: (receivedBytes: number) => void;
}

/** Fetches one file into its sink and answers how many bytes it has; null when the sink has it already. */
export async function fetchFile(
  context: DownloadContext,
  { sessionId, file, sink, onProgress }: FileToFetch,
  control: TransferControl<DownloadEvent>,
): Promise<number | null> {
  const { signal } = control;
  const { system, retriesMax, retryForMs } = context;
  const patience = new Patience({ system, retryForMs, triesMax: retriesMax * RESUMED_TRIES });
  // A sink that is told for certain what to expect may have it already, and then no byte is asked for.
  const early = certainOf(file);
  const url = await persistently(
    patience,
    async () => await prepare(context, sessionId, file.name, signal),
    signal,
  );
  const opened =
    early === undefined
      ? await persistently(
          patience,
          async () => await openBody(context, { url, start: 0, etag: undefined }, signal),
          signal,
        )
      : undefined;
  const incoming = early ?? incomingOf(file, opened);
  const target = await sink.open(incoming, signal);
  if (target === null) {
    await opened?.body.cancel();
    return null;
  }
  try {
    const isCertain = early !== undefined;
    const pouring = { context, url, incoming, isCertain, target, patience, onProgress };
    const receivedBytes = await new Pourer(pouring, control).pour(opened);
    await target.finish();
    return receivedBytes;
  } catch (error) {
    await (target.keep !== undefined && canGoOn(error) ? target.keep() : target.discard());
    throw error;
  }
}

/** Whether another download of the file can go on with what came. */
const canGoOn = (error: unknown): boolean =>
  error instanceof AbortedError || ["broke", "gone"].includes(fateOf(error));

/** Asks until it is answered, or patience is used up. */
async function persistently<Value>(
  patience: Patience,
  ask: () => Promise<Value>,
  signal: AbortSignal,
): Promise<Value> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (fateOf(error) !== "broke" || patience.isUsedUp) throw error;
      await patience.rest(signal);
      if (signal.aborted) throw aborted(error);
    }
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
  const { downloadSessionFile } = context.services;
  const input = { download_session_id: sessionId, file_name: fileName };
  let info = await downloadSessionFile.prepare(input, { signal });
  while (info.status === "PREPARE_REQUESTED" || info.status === "PREPARING") {
    await context.system.sleep(PREPARE_PAUSE_MS, signal);
    info = await downloadSessionFile.get(input, { signal });
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
  /** Whether the bytes go on from the offset that was asked for; otherwise they are those from the first on. */
  readonly isRest: boolean;
}

/** What is asked of an endpoint. */
interface BodyWish {
  readonly url: string;
  /** The first byte that is wanted. */
  readonly start: number;
  /** The tag that the file must still have for the rest of it to count. */
  readonly etag: string | undefined;
}

/** Asks for the bytes from `start` on. A server that can not go on from there, or has another file by now, sends all. */
async function openBody(
  context: DownloadContext,
  { url, start, etag }: BodyWish,
  signal: AbortSignal,
): Promise<OpenBody> {
  const range =
    start === 0
      ? {}
      : { range: `bytes=${start}-`, ...(etag === undefined ? {} : { "if-range": etag }) };
  const response = await fetchOrThrow(context, url, range, signal);
  const isRest = response.status === 206 && start > 0;
  if ((!isRest && response.status !== 200) || response.body === null) {
    const requestId = response.headers.get("x-request-id") ?? undefined;
    throw transferError(
      { url, status: response.status, body: await response.text(), requestId },
      "download",
    );
  }
  const length = response.headers.get("content-length");
  return {
    body: response.body,
    etag: response.headers.get("etag") ?? undefined,
    sizeBytes: length === null ? undefined : Number(length),
    isRest,
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
  signal.aborted ? aborted(cause) : connectionError(url, cause, { operation: "download" });

const aborted = (cause: unknown): AbortedError =>
  new AbortedError("The transfer was aborted.", { operation: "download", cause });

/** Our servers tag a file with its SHA-256. */
const digestOf = (etag: string | undefined): ChecksumInfo | undefined => {
  const digits = /^"(?:sha-?256[:-])?([0-9a-f]{64})"$/i.exec(etag ?? "")?.[1];
  return digits === undefined ? undefined : { algorithm: "SHA256", checksum: digits };
};

/** The bytes of a file on their way into the sink. */
interface Pouring {
  readonly context: DownloadContext;
  readonly url: string;
  readonly incoming: IncomingFile;
  /** Whether the session is known to read the very file that the sink was told of. */
  readonly isCertain: boolean;
  readonly target: FileSink;
  readonly patience: Patience;
  readonly onProgress: (receivedBytes: number) => void;
}

/** Writes everything into the sink, behind what it has; after a broken connection it goes on where that broke. */
class Pourer {
  readonly #pouring: Pouring;
  readonly #control: TransferControl<DownloadEvent>;
  #etag: string | undefined;
  #receivedBytes: number;
  #reason: string | undefined;

  constructor(pouring: Pouring, control: TransferControl<DownloadEvent>) {
    this.#pouring = pouring;
    this.#control = control;
    this.#receivedBytes = pouring.target.keptBytes ?? 0;
    pouring.patience.note(this.#receivedBytes);
  }

  /** Answers how many bytes the file has. `opened` is its body, where that was asked for already. */
  async pour(opened: OpenBody | undefined): Promise<number> {
    const { patience } = this.#pouring;
    const { signal } = this.#control;
    let next = await this.#beginning(opened);
    for (;;) {
      try {
        const open = next ?? (await this.#open());
        next = undefined;
        if (open === "whole" || (await this.#take(open))) return this.#receivedBytes;
        throw this.#broke(new Error("it ended early"));
      } catch (error) {
        if (fateOf(error) !== "broke" || !this.#mayContinue || patience.isUsedUp) throw error;
        this.#reason = textOf(error);
        await patience.rest(signal);
        if (signal.aborted) throw aborted(error);
      }
    }
  }

  /** A body from the first byte on is of no use behind what the sink has. */
  async #beginning(opened: OpenBody | undefined): Promise<OpenBody | undefined> {
    this.#etag = opened?.etag;
    if (this.#receivedBytes === 0) return opened;
    await opened?.body.cancel();
    return undefined;
  }

  get #mayContinue(): boolean {
    return this.#receivedBytes === 0 || this.#etag !== undefined || this.#pouring.isCertain;
  }

  readonly #broke = (cause: Error): Error =>
    connectionError(this.#pouring.url, cause, { operation: "download" });

  /** The bytes that are missing; all of them where the server does not go on behind those that are here. */
  async #open(): Promise<OpenBody | "whole"> {
    const { context, url, incoming } = this.#pouring;
    const { signal } = this.#control;
    const start = this.#receivedBytes;
    if (start > 0 && start === incoming.sizeBytes) return this.#goOn("whole");
    const whole = { url, start: 0, etag: undefined };
    if (start === 0) return await openBody(context, whole, signal);
    const open = await openRest(context, { url, start, etag: this.#etag }, signal);
    if (open?.isRest === true && isOf(incoming, open)) return this.#goOn(open);
    // The rest of another file is of no use: it is asked for as a whole.
    const isWhole = open?.isRest === false;
    if (!isWhole) await open?.body.cancel();
    await this.#restart();
    return isWhole ? open : await openBody(context, whole, signal);
  }

  #goOn<Next>(next: Next): Next {
    const { incoming, onProgress } = this.#pouring;
    const offsetBytes = this.#receivedBytes;
    const fileName = incoming.name;
    this.#control.emit({ type: "continuing", fileName, offsetBytes, reason: this.#reason });
    onProgress(offsetBytes);
    return next;
  }

  async #restart(): Promise<void> {
    const { target, incoming } = this.#pouring;
    if (target.restart === undefined)
      throw new ProtocolError(`The server does not go on with ${incoming.name} where it broke.`, {
        operation: "download",
      });
    await target.restart();
    this.#receivedBytes = 0;
  }

  /** Whether all bytes came that were announced. */
  async #take(open: OpenBody): Promise<boolean> {
    const { url, target, patience, onProgress } = this.#pouring;
    this.#etag = open.etag;
    const before = this.#receivedBytes;
    for await (const chunk of chunksOf(open.body, url, this.#control.signal)) {
      await target.write(chunk);
      this.#receivedBytes += chunk.byteLength;
      patience.note(this.#receivedBytes);
      onProgress(this.#receivedBytes);
    }
    return open.sizeBytes === undefined || this.#receivedBytes - before === open.sizeBytes;
  }
}

/** As `openBody`; undefined where the file has no byte there, so that it is another one. */
async function openRest(
  context: DownloadContext,
  wish: BodyWish,
  signal: AbortSignal,
): Promise<OpenBody | undefined> {
  try {
    return await openBody(context, wish, signal);
  } catch (error) {
    if (wish.start > 0 && error instanceof LibraryError && error.status === 416) return undefined;
    throw error;
  }
}

/** Whether bytes are of the file that the sink was told of, as far as their tag tells. */
function isOf({ checksums }: IncomingFile, { etag }: OpenBody): boolean {
  const told = digestOf(etag);
  const known = checksums.find(({ algorithm }) => algorithm === "SHA256");
  if (told === undefined || known === undefined) return true;
  return told.checksum.toLowerCase() === known.checksum.toLowerCase();
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
