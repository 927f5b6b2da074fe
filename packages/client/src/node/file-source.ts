import { createHash } from "node:crypto";
import type { ClientRequest } from "node:http";
import { stat } from "node:fs/promises";
import { Readable, addAbortSignal } from "node:stream";
import { text } from "node:stream/consumers";
import { TUS_HEADERS } from "../upload-endpoint.ts";
import { sendingError } from "../send-bytes.ts";
import type { ResumableSending, SendReply, SendRequest, UploadSource } from "../upload-source.ts";
import type { PinnedServer } from "./certificate-pin.ts";
import { openExchange } from "./file-exchange.ts";
import type { FileExchange } from "./file-exchange.ts";
import type { Piece, ReadRange } from "./file-pieces.ts";
import { FileReading } from "./file-reading.ts";
import type { ReadFile } from "./file-reading.ts";

/** How a file is sent. */
export interface FileSourceOptions {
  /** The server that the bytes go to, where it is known by a pin: bytes do not go through the client's `fetch`. */
  readonly pinned?: PinnedServer | undefined;
}

/**
 * A file of this machine, read once: its bytes stream from the disk to the network, and their SHA-256 is taken on the
 * way. A regular file is announced with its size, can be sent again, and goes on where it broke off; a pipe can not. A file that
 * changes while it is sent is an error, and its last bytes are never sent.
 * Throws the error of the file system, or an Error for a directory.
 */
export async function fileSource(
  path: string,
  { pinned }: FileSourceOptions = {},
): Promise<UploadSource> {
  const found = await stat(path);
  if (found.isDirectory()) throw new Error(`${path} is a directory: name the files to send.`);
  const isRegular = found.isFile();
  const sizeBytes = isRegular ? found.size : undefined;
  const file: OutgoingFile = { path, sizeBytes, pinned };
  return {
    sizeBytes,
    ...(isRegular ? { modifiedAt: found.mtimeMs } : {}),
    isReplayable: isRegular,
    send: async (request) => {
      const reading = new FileReading(file);
      await reading.settle(request);
      return await sendFrom(file, reading, { request, fromBytes: 0 });
    },
    ...(isRegular ? { resumable: () => resumableSending(file) } : {}),
  };
}

/**
 * A stream of Node, such as the standard input: read once and to its end, so it can neither be sent again nor go on where it
 * broke off. Its SHA-256 is taken on the way. Text is sent as UTF-8.
 */
export function readableSource(
  readable: NodeJS.ReadableStream,
  { pinned }: FileSourceOptions = {},
): UploadSource {
  const hash = createHash("sha256");
  const read = async function* ({ signal }: ReadRange): AsyncGenerator<Piece, void, undefined> {
    for await (const chunk of addAbortSignal(signal, Readable.from(readable))) {
      const given: Buffer | string = chunk;
      const bytes = typeof given === "string" ? Buffer.from(given) : given;
      hash.update(bytes);
      yield { bytes, release: () => undefined };
    }
  };
  const reading: Reading = { read, digest: () => hash.copy().digest("hex") };
  const outgoing = { sizeBytes: undefined, pinned };
  return {
    sizeBytes: undefined,
    isReplayable: false,
    send: async (request) => await sendFrom(outgoing, reading, { request, fromBytes: 0 }),
  };
}

interface OutgoingFile extends ReadFile {
  readonly pinned: PinnedServer | undefined;
}

function resumableSending(file: OutgoingFile): ResumableSending {
  const reading = new FileReading(file);
  return {
    send: async (request, fromBytes) => {
      await reading.settle(request);
      // What is not sent from here still belongs to the digest of the whole.
      await reading.advanceTo(fromBytes, request.signal);
      return await sendFrom(file, reading, { request, fromBytes });
    },
    digestOf: async (firstBytes, signal) => {
      await reading.advanceTo(firstBytes, signal);
      return reading.digestAfter(firstBytes);
    },
  };
}

/** One request with the bytes from an offset to the end. */
interface Sending {
  readonly request: SendRequest;
  readonly fromBytes: number;
}

/** What is sent, and the digest of what was read of it. */
type Reading = Pick<FileReading, "digest" | "read">;

async function sendFrom(
  file: Pick<OutgoingFile, "pinned" | "sizeBytes">,
  reading: Reading,
  sending: Sending,
): Promise<SendReply> {
  const { request, fromBytes } = sending;
  const exchange = openExchange(request, requestFor(file, fromBytes));
  const ended = new AbortController();
  const send = async (): Promise<void> => {
    await exchange.asked;
    await pump(reading, exchange.request, { ...sending, signal: ended.signal });
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
      digest: { algorithm: "SHA256", checksum: reading.digest() },
    };
  } finally {
    ended.abort();
    exchange.close();
  }
}

/** The whole file goes by a plain PUT, which every server takes; the rest of one by a PATCH of tus. */
function requestFor(
  { sizeBytes, pinned }: Pick<OutgoingFile, "pinned" | "sizeBytes">,
  fromBytes: number,
): FileExchange {
  if (fromBytes === 0) {
    const headers = { "content-type": "application/octet-stream" };
    return { method: "PUT", headers, bodyBytes: sizeBytes, pinned };
  }
  const headers = {
    ...TUS_HEADERS,
    "content-type": "application/offset+octet-stream",
    "upload-offset": String(fromBytes),
  };
  return { method: "PATCH", headers, bodyBytes: (sizeBytes ?? 0) - fromBytes, pinned };
}

/**
 * Reads the file into the request, no faster than the network takes it. Rejects for the file's own errors only: what
 * breaks the connection shows in the reply, which may have come before the break.
 */
async function pump(
  reading: Reading,
  outgoing: ClientRequest,
  { request, fromBytes, signal }: Sending & { readonly signal: AbortSignal },
): Promise<void> {
  let sentBytes = fromBytes;
  for await (const piece of reading.read({ fromBytes, signal })) {
    await write(outgoing, piece);
    if (outgoing.destroyed) return;
    sentBytes += piece.bytes.byteLength;
    request.onProgress(sentBytes);
  }
  outgoing.end();
}

/** Resolves when the request takes more, or no more ever. The network lets the piece go when it has the bytes. */
async function write(outgoing: ClientRequest, { bytes, release }: Piece): Promise<void> {
  if (outgoing.destroyed || outgoing.write(bytes, release)) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  outgoing.on("drain", resolve).on("close", resolve);
  await promise;
  outgoing.off("drain", resolve).off("close", resolve);
}
