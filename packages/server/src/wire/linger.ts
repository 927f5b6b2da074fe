import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../ports/index.ts";
import type { Reply } from "./reply.ts";
import { headersOf, sendReply } from "./reply.ts";
import { hasUnreadBody } from "./request-head.ts";

/** How long, and for how many bytes, we go on reading from a client that has its answer but is still sending. */
export const LINGER_MS = 3000;
export const LINGER_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Answers a request whose body was not read to its end. Closing at once would reset the connection, and the client would lose
 * the answer it has not read yet; so the answer goes out whole, our side of the connection is closed for writing by `Connection:
 * close`, and what the client still sends is thrown away for a short while.
 */
export const sendReplyEarly = async (
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  clock: Clock,
): Promise<void> => {
  const closing: Reply = { ...reply, headers: { ...reply.headers, Connection: "close" } };
  const body = reply.json ?? reply.content?.bytes;
  if (!hasUnreadBody(request) || body === undefined) {
    sendReply(response, closing);
    return;
  }
  response.writeHead(closing.status, headersOf(closing));
  response.write(body);
  await discardRest(request, clock);
  response.end();
};

/** Throws away what still arrives until the client is done, gone, or has had its share of time or bytes. */
const discardRest = async (request: IncomingMessage, clock: Clock): Promise<void> => {
  const patience = new AbortController();
  let discardedBytes = 0;
  const stop = (): void => patience.abort();
  const onData = (chunk: Buffer): void => {
    discardedBytes += chunk.length;
    if (discardedBytes > LINGER_BYTES_MAX) stop();
  };
  request.on("data", onData).on("end", stop).on("close", stop).on("error", stop);
  request.resume();
  try {
    await clock.sleep(LINGER_MS, patience.signal);
  } catch {
    // Cut short: the client needs no more patience.
  } finally {
    request.off("data", onData).off("end", stop).off("close", stop);
  }
};
