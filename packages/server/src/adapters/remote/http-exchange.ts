import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { Client } from "undici";

/** A header as undici gives it. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The answer to one request, its body not read yet. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable;
  /** Ends the connection. */
  close(): void;
}

/** Longest head of an answer, in bytes. */
const HEAD_BYTES_MAX = 64 * 1024;

/** A GET over a connection that is open already, and the only one over it. Nothing of the answer is unpacked. */
export const exchange = async (
  socket: Socket,
  request: { readonly url: URL; readonly path: string; readonly headers: Record<string, string> },
  signal: AbortSignal,
): Promise<Answer> => {
  let isTaken = false;
  const client = new Client(request.url.origin, {
    connect: (_target, callback) => {
      const isFirst = !isTaken;
      isTaken = true;
      // The client has begun to connect only once this has returned.
      queueMicrotask(() =>
        isFirst ? callback(null, socket) : callback(new Error("The connection ended."), null),
      );
    },
    allowH2: false,
    maxHeaderSize: HEAD_BYTES_MAX,
    // Whoever calls has clocks of its own.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const close = (): void => {
    client.destroy().catch(() => undefined);
    socket.destroy();
  };
  signal.addEventListener("abort", close, { once: true });
  try {
    const { path, headers } = request;
    const { statusCode, ...answer } = await client.request({ method: "GET", path, headers });
    // An error that nobody reads any more must not end the process.
    answer.body.on("error", () => undefined);
    return { status: statusCode, headers: answer.headers, body: answer.body, close };
  } catch (error) {
    close();
    throw error;
  } finally {
    signal.removeEventListener("abort", close);
  }
};
