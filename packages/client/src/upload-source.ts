import type { ChecksumInfo } from "@contentlib/contract";
import { AbortedError } from "./errors.ts";
import { connectionError } from "./transport.ts";
import type { System } from "./system.ts";

/** One sending of a whole file. */
export interface SendRequest {
  /** The upload endpoint. It is a secret: whoever has it can send the file. */
  readonly url: string;
  readonly signal: AbortSignal;
  readonly system: System;
  /** Called with the number of bytes handed to the network so far. */
  readonly onProgress: (sentBytes: number) => void;
}

/** What the server answered to the bytes. */
export interface SendReply {
  readonly status: number;
  readonly body: string;
  readonly requestId: string | undefined;
  /** The digest of the bytes as they were read for sending, where the source computed it. */
  readonly digest?: ChecksumInfo;
}

/**
 * Where the bytes of a file come from, with the way to send them: platforms differ in what they can stream. `send`
 * makes one PUT of everything and throws ConnectionError or AbortedError, or the source's own error.
 */
export interface UploadSource {
  /** Size in bytes; undefined when only the end of the stream tells. */
  readonly sizeBytes: number | undefined;
  /** Whether `send` may be called again after it failed. A stream can not be read twice. */
  readonly isReplayable: boolean;
  send(request: SendRequest): Promise<SendReply>;
}

/** Bytes in memory or a file a browser was given; may be sent again. Progress is told where the platform can tell it. */
export const blobSource = (blob: Blob): UploadSource => ({
  sizeBytes: blob.size,
  isReplayable: true,
  send: async (request) => {
    if (typeof XMLHttpRequest === "undefined") return await sendByFetch(blob, blob.size, request);
    return await sendByXhr(blob, request);
  },
});

/** A stream of bytes: read once, so never sent again by itself. Give its size where it is known. */
export const streamSource = (
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  sizeBytes?: number,
): UploadSource => ({
  sizeBytes,
  isReplayable: false,
  send: async (request) => {
    let sentBytes = 0;
    const counted = stream.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(chunk, controller) {
          sentBytes += chunk.byteLength;
          request.onProgress(sentBytes);
          controller.enqueue(chunk);
        },
      }),
    );
    return await sendByFetch(counted, undefined, request);
  },
});

async function sendByFetch(
  body: Blob | ReadableStream<Uint8Array<ArrayBuffer>>,
  sizeBytes: number | undefined,
  { url, signal, system, onProgress }: SendRequest,
): Promise<SendReply> {
  const init: RequestInit & { readonly duplex: "half" } = {
    method: "PUT",
    body,
    signal,
    redirect: "error",
    credentials: "omit",
    headers: { "content-type": "application/octet-stream" },
    duplex: "half",
  };
  try {
    const response = await system.fetch(url, init);
    const text = await response.text();
    if (sizeBytes !== undefined) onProgress(sizeBytes);
    return {
      status: response.status,
      body: text,
      requestId: response.headers.get("x-request-id") ?? undefined,
    };
  } catch (cause) {
    throw sendingError(url, signal, cause);
  }
}

/** Browsers tell the progress of an upload only here. */
const sendByXhr = (blob: Blob, { url, signal, onProgress }: SendRequest): Promise<SendReply> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    const fail = (): void => reject(sendingError(url, signal, new Error("the connection broke")));
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () =>
      resolve({
        status: request.status,
        body: request.responseText,
        requestId: request.getResponseHeader("x-request-id") ?? undefined,
      });
    request.onerror = fail;
    request.onabort = fail;
    request.onloadend = () => signal.removeEventListener("abort", abort);
    signal.addEventListener("abort", abort, { once: true });
    request.open("PUT", url);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.send(blob);
  });

/** The error of a sending that broke: the caller's abort, or the connection. */
export const sendingError = (url: string, signal: AbortSignal, cause: unknown): Error =>
  signal.aborted
    ? new AbortedError("The transfer was aborted.", { operation: "upload", cause })
    : connectionError(url, cause, { operation: "upload" });
