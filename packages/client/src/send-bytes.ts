import { AbortedError } from "./errors.ts";
import { connectionError } from "./transport.ts";
import type { SendReply, SendRequest } from "./upload-source.ts";

/** A request with bytes. */
export interface BytesToSend<Body> {
  readonly method: "PATCH" | "PUT";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  /** Undefined where progress is told elsewhere. */
  readonly sizeBytes: number | undefined;
}

/** How a whole file goes, which every server takes. */
export const WHOLE = {
  method: "PUT",
  headers: { "content-type": "application/octet-stream" },
} as const;

/**
 * Sends a blob by what the platform has: progress is told where it can be. A request with headers of its own, such as a login,
 * goes by fetch, which can refuse redirects: XMLHttpRequest would carry them on to another origin.
 */
export const sendBlob = async (
  bytes: BytesToSend<Blob>,
  request: SendRequest,
): Promise<SendReply> =>
  typeof XMLHttpRequest === "undefined" || Object.keys(request.headers ?? {}).length > 0
    ? await sendByFetch(bytes, request)
    : await sendByXhr(bytes, request);

/** Sends bytes by fetch, which tells no progress. */
export async function sendByFetch(
  { method, headers, body, sizeBytes }: BytesToSend<Blob | ReadableStream<Uint8Array<ArrayBuffer>>>,
  { url, signal, system, onProgress, headers: more }: SendRequest,
): Promise<SendReply> {
  const init: RequestInit & { readonly duplex: "half" } = {
    method,
    body,
    signal,
    redirect: "error",
    credentials: "omit",
    headers: { ...more, ...headers },
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
const sendByXhr = (
  { method, headers, body }: BytesToSend<Blob>,
  { url, signal, onProgress }: SendRequest,
): Promise<SendReply> =>
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
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.send(body);
  });

/** The error of a sending that broke: the caller's abort, or the connection. */
export const sendingError = (url: string, signal: AbortSignal, cause: unknown): Error =>
  signal.aborted
    ? new AbortedError("The transfer was aborted.", { operation: "upload", cause })
    : connectionError(url, cause, { operation: "upload" });
