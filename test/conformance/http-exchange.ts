import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { buffer } from "node:stream/consumers";

/** One request as it is to go over the wire; nothing is added that a client of the API would not send. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The own address to send from. */
  readonly localAddress?: string;
  /** Keeper of connections to send over; without one the request has its own. */
  readonly agent?: Agent;
}

/** What came back, whole. */
export interface Incoming {
  readonly status: number;
  readonly reason: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

/** What came back, and whether it was over a connection that had served before. */
export interface Exchanged extends Incoming {
  readonly isReused: boolean;
}

/** A connection for each request: a server that was stopped must not be asked over a connection it closed. */
export const freshConnections = new Agent({ keepAlive: false });

/** Reads the whole body of a reply. */
export async function wholeReply(reply: IncomingMessage): Promise<Incoming> {
  const bytes = await buffer(reply);
  return {
    status: reply.statusCode ?? 0,
    reason: reply.statusMessage ?? "",
    headers: reply.headers,
    bytes,
    text: bytes.toString("utf8"),
  };
}

/** Sends a request and reads the whole reply; redirects are not followed. */
export function exchange({
  method,
  url,
  headers = {},
  body,
  localAddress,
  agent = freshConnections,
}: Outgoing): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    const { origin, hostname, port } = new URL(url);
    // The path goes out as it stands; a URL would be tidied on the way.
    const path = url.slice(origin.length) || "/";
    const sent = request({
      hostname,
      port,
      path,
      method,
      headers: { ...headers },
      agent,
      ...(localAddress === undefined ? {} : { localAddress }),
    });
    sent.on("response", (reply) => {
      wholeReply(reply).then((whole) => resolve({ ...whole, isReused: sent.reusedSocket }), reject);
    });
    sent.on("error", reject);
    if (body !== undefined && !hasFraming(headers)) {
      sent.setHeader("Content-Length", Buffer.byteLength(body));
    }
    sent.end(body);
  });
}

function hasFraming(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).some((name) => /^(content-length|transfer-encoding)$/i.test(name));
}
