import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import { createReadStream, open } from "node:fs";
import { stat } from "node:fs/promises";
import { Agent as HttpAgent, request as requestOverHttp } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as requestOverHttps } from "node:https";
import { Socket } from "node:net";
import { addAbortSignal } from "node:stream";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { TLS_WANTED, connectionError } from "../transport.ts";
import { sendingError } from "../upload-source.ts";
import type { SendReply, SendRequest, UploadSource } from "../upload-source.ts";
import type { PinnedServer } from "./certificate-pin.ts";
import { pinnedAgent } from "./pinned-connection.ts";

/** How a file is sent. */
export interface FileSourceOptions {
  /** The server that the bytes go to, where it is known by a pin: bytes do not go through the client's `fetch`. */
  readonly pinned?: PinnedServer | undefined;
}

/** How much of a file is read at once, in bytes. */
export const READ_CHUNK_BYTES = 1024 * 1024;

/**
 * A file of this machine, read once: its bytes stream from the disk to the network, and their SHA-256 is taken on the
 * way. A regular file is announced with its size and can be sent again; a pipe can not. Throws the error of the file
 * system, or an Error for a directory.
 */
export async function fileSource(
  path: string,
  { pinned }: FileSourceOptions = {},
): Promise<UploadSource> {
  const found = await stat(path);
  if (found.isDirectory()) throw new Error(`${path} is a directory: name the files to send.`);
  const isRegular = found.isFile();
  const sizeBytes = isRegular ? found.size : undefined;
  return {
    sizeBytes,
    isReplayable: isRegular,
    send: async (request) => await sendFile({ path, sizeBytes, pinned }, request),
  };
}

interface OutgoingFile extends FileSourceOptions {
  readonly path: string;
  readonly sizeBytes: number | undefined;
}

async function sendFile(file: OutgoingFile, request: SendRequest): Promise<SendReply> {
  const { path, sizeBytes } = file;
  const hash = createHash("sha256");
  const exchange = openExchange(request, file);
  const ended = new AbortController();
  const send = async (): Promise<void> => {
    await exchange.asked;
    await pump({ path, sizeBytes, signal: ended.signal }, hash, exchange.request, request);
  };
  try {
    await Promise.race([send(), exchange.reply]);
    const response = await exchange.reply;
    const body = await text(response).catch((cause: unknown) => {
      throw sendingError(request.url, request.signal, cause);
    });
    const requestId = response.headers["x-request-id"];
    return {
      status: response.statusCode ?? 0,
      body,
      requestId: typeof requestId === "string" ? requestId : undefined,
      digest: { algorithm: "SHA256", checksum: hash.copy().digest("hex") },
    };
  } finally {
    ended.abort();
    exchange.close();
  }
}

interface Exchange {
  readonly request: ClientRequest;
  /** The answer's head. It may come before all bytes are sent: a server refuses as soon as it knows. */
  readonly reply: Promise<IncomingMessage>;
  /** Resolves when the bytes may be sent. */
  readonly asked: Promise<void>;
  readonly close: () => void;
}

/** From this size on, in bytes, the server is asked first whether it wants the file. */
const ASK_FROM_BYTES = 1024 * 1024;
/** How long a server may take to say that it wants the bytes, in milliseconds; some never say it. */
const ASK_TIMEOUT_MS = 1_000;

function openExchange(
  { url, signal, system }: SendRequest,
  { sizeBytes, pinned }: OutgoingFile,
): Exchange {
  const isSecure = new URL(url).protocol === "https:";
  if (pinned !== undefined && !isSecure) throw withoutTls(url);
  const start = isSecure ? requestOverHttps : requestOverHttp;
  // A server that is told to close the connection cuts it with its early answer, which may then be lost.
  const agent = isSecure ? secureAgent(pinned) : new HttpAgent({ keepAlive: true });
  const isAsking = sizeBytes === undefined || sizeBytes >= ASK_FROM_BYTES;
  const headers = {
    "content-type": "application/octet-stream",
    ...(sizeBytes === undefined ? {} : { "content-length": String(sizeBytes) }),
    ...(isAsking ? { expect: "100-continue" } : {}),
  };
  const request = start(url, { method: "PUT", headers, signal, agent });
  const reply = new Promise<IncomingMessage>((resolve, reject) => {
    request.on("response", resolve);
    request.on("error", (cause) => reject(sendingError(url, signal, cause)));
    request.on("close", () => reject(sendingError(url, signal, new Error("no answer came"))));
  });
  reply.catch(() => undefined);
  const told = new AbortController();
  request.once("continue", () => told.abort());
  reply.then(
    () => told.abort(),
    () => told.abort(),
  );
  const asked = isAsking ? system.sleep(ASK_TIMEOUT_MS, told.signal) : Promise.resolve();
  const close = (): void => {
    request.destroy();
    agent.destroy();
  };
  return { request, reply, asked, close };
}

const secureAgent = (pinned: PinnedServer | undefined): HttpsAgent =>
  pinned === undefined ? new HttpsAgent({ keepAlive: true }) : pinnedAgent(pinned);

const withoutTls = (url: string): Error =>
  connectionError(url, Object.assign(new Error("no TLS"), { code: TLS_WANTED }), {
    operation: "upload",
  });

/**
 * Reads the file into the request, no faster than the network takes it. Rejects for the file's own errors only: what
 * breaks the connection shows in the reply, which may have come before the break.
 */
async function pump(
  source: OpenSource,
  hash: Hash,
  request: ClientRequest,
  { onProgress }: SendRequest,
): Promise<void> {
  const failure: { error?: Error } = {};
  const bytes = async function* (): AsyncGenerator<Buffer, void, undefined> {
    try {
      yield* readWhole(source, hash, onProgress);
    } catch (error) {
      failure.error = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  };
  await pipeline(bytes, request).catch(() => undefined);
  if (failure.error !== undefined) throw failure.error;
}

interface OpenSource {
  readonly path: string;
  readonly sizeBytes: number | undefined;
  /** Aborts when nobody wants the bytes any more; a read that waits is broken off. */
  readonly signal: AbortSignal;
}

/**
 * The bytes of the source. The last piece of a file is given only once the file is known to end there: a server answers as
 * soon as it has the bytes it was told of, and must not take part of a file that grew for the whole.
 */
async function* readWhole(
  source: OpenSource,
  hash: Hash,
  onProgress: (sentBytes: number) => void,
): AsyncGenerator<Buffer, void, undefined> {
  let sentBytes = 0;
  for await (const chunk of source.sizeBytes === undefined
    ? readPieces(source)
    : readFile(source)) {
    hash.update(chunk);
    yield chunk;
    sentBytes += chunk.byteLength;
    onProgress(sentBytes);
  }
}

async function* readFile(source: OpenSource): AsyncGenerator<Buffer, void, undefined> {
  let foundBytes = 0;
  let held: Buffer | undefined;
  for await (const chunk of readPieces(source)) {
    foundBytes += chunk.byteLength;
    if (foundBytes > (source.sizeBytes ?? 0)) throw changed(source.path);
    if (held !== undefined) yield held;
    held = chunk;
  }
  if (foundBytes !== source.sizeBytes) throw changed(source.path);
  if (held !== undefined) yield held;
}

async function* readPieces({ path, signal }: OpenSource): AsyncGenerator<Buffer, void, undefined> {
  for await (const piece of addAbortSignal(signal, await openForReading(path))) {
    const chunk: Buffer = piece;
    yield chunk;
  }
}

/** A pipe is read as a socket: a blocked read of a file can not be broken off, and would hold the process. */
async function openForReading(path: string): Promise<Readable> {
  if (!(await stat(path)).isFIFO()) {
    return createReadStream(path, { highWaterMark: READ_CHUNK_BYTES });
  }
  const fd = await promisify(open)(path, "r");
  return new Socket({ fd, readable: true, writable: false });
}

const changed = (path: string): Error =>
  new Error(`${path} changed its size while it was being sent.`);
