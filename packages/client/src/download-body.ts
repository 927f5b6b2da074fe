import type { ChecksumInfo } from "@contentlib/contract";
import type { DownloadContext } from "./download-options.ts";
import { AbortedError, LibraryError } from "./errors.ts";
import type { ClientError } from "./errors.ts";
import { transferError } from "./refusal.ts";
import { connectionError } from "./transport.ts";

/** A body whose bytes are still to come. */
export interface OpenBody {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly etag: string | undefined;
  /** Size of what follows, as announced. */
  readonly sizeBytes: number | undefined;
  /** Whether the bytes go on from the offset that was asked for; otherwise they are those from the first on. */
  readonly isRest: boolean;
}

/** What is asked of an endpoint. */
export interface BodyWish {
  readonly url: string;
  /** The first byte that is wanted. */
  readonly start: number;
  /** The tag that the file must still have for the rest of it to count. */
  readonly etag: string | undefined;
}

/** Asks for the bytes from `start` on. A server that can not go on from there, or has another file by now, sends all. */
export async function openBody(
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

export const aborted = (cause: unknown): AbortedError =>
  new AbortedError("The transfer was aborted.", { operation: "download", cause });

/** Our servers tag a file with its SHA-256. */
export const digestOf = (etag: string | undefined): ChecksumInfo | undefined => {
  const digits = /^"(?:sha-?256[:-])?([0-9a-f]{64})"$/i.exec(etag ?? "")?.[1];
  return digits === undefined ? undefined : { algorithm: "SHA256", checksum: digits };
};

/** As `openBody`; undefined where the file has no byte there, so that it is another one. */
export async function openRest(
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

/** The chunks of a body; what breaks the connection is told apart from what breaks the sink. */
export async function* chunksOf(
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
