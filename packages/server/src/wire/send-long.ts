import type { ServerResponse } from "node:http";
import type { Reply } from "./reply.ts";
import { headersOf } from "./reply.ts";
import { PIECES_STALL_TIMEOUT_MS, PiecesFlow } from "./send-pieces.ts";
import type { StallWatch } from "./stall-watch.ts";

/**
 * Longest reply that is handed to the connection as a whole and left to it, in bytes: little beside what a connection takes anyway,
 * so that a reader who takes nothing does no harm. Also the length of a part of a longer one.
 */
export const LONG_REPLY_BYTES = 64 * 1024;

/** Whether a reply is long; what a text is in bytes is not counted out for this. */
export const isLong = ({ json, content }: Reply): boolean =>
  (json !== undefined && json.length > LONG_REPLY_BYTES) ||
  (content !== undefined && content.bytes.byteLength > LONG_REPLY_BYTES);

/** Resolves when the connection is the response's own: when those before it on the same connection are through. */
const ownTurn = async (response: ServerResponse): Promise<void> => {
  if (response.socket !== null) return;
  await new Promise<void>((resolve) => {
    response.once("socket", () => resolve());
  });
};

/**
 * Sends a whole reply part by part as its reader takes it, so that one who takes nothing is noticed and cut off, and does not make
 * the server hold the reply for ever. Resolves when all is handed over or the reader is gone.
 */
export const sendLong = async (
  response: ServerResponse,
  reply: Reply,
  stalls: StallWatch,
): Promise<void> => {
  await ownTurn(response);
  const bytes = reply.content?.bytes ?? Buffer.from(reply.json ?? "");
  const flow = new PiecesFlow(response);
  const watching = stalls.watch(flow, PIECES_STALL_TIMEOUT_MS);
  try {
    response.writeHead(reply.status, headersOf(reply));
    for (let from = 0; from < bytes.byteLength; from += LONG_REPLY_BYTES) {
      if (response.destroyed) return;
      await flow.write(bytes.subarray(from, from + LONG_REPLY_BYTES));
    }
    response.end();
  } finally {
    watching.close();
  }
};
