import type { ServerResponse } from "node:http";
import type { Reply, ReplyPieces } from "./reply.ts";
import { headersOf } from "./reply.ts";
import type { StallWatch, Watched } from "./stall-watch.ts";

/** How long the reader of a long reply may take nothing, in milliseconds; whoever writes the pieces gives them up only later. */
export const PIECES_STALL_TIMEOUT_MS = 60_000;

/** A reply on its way, as the stall watch sees it: it moves whenever the socket has let go of what it held. */
export class PiecesFlow implements Watched {
  movedBytes = 0;
  waitsForPeer = false;
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  stalled(): void {
    this.#response.destroy();
  }

  /** Writes a piece, and resolves when the socket takes more or is gone, and not before others have had their turn. */
  async write(piece: string | Uint8Array): Promise<void> {
    const takesMore = this.#response.write(piece);
    if (this.#response.destroyed) return;
    if (takesMore) {
      await new Promise((resolve) => setImmediate(resolve));
      return;
    }
    this.waitsForPeer = true;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#response.once("drain", resolve).once("close", resolve);
    await promise;
    this.#response.off("drain", resolve).off("close", resolve);
    this.waitsForPeer = false;
    this.movedBytes += piece.length;
  }
}

/**
 * Sends a reply piece by piece, each asked for when the socket takes it, so that a slow reader holds back whoever makes them.
 * Resolves when all is handed over or the reader is gone. Rejects when a piece can not be made: the connection must be cut then,
 * for what was sent is not the whole.
 */
export const sendPieces = async (
  response: ServerResponse,
  reply: Reply & { readonly pieces: ReplyPieces },
  stalls: StallWatch,
): Promise<void> => {
  const { pieces } = reply;
  const flow = new PiecesFlow(response);
  const watching = stalls.watch(flow, PIECES_STALL_TIMEOUT_MS);
  try {
    response.writeHead(reply.status, headersOf(reply));
    for (;;) {
      const piece = await pieces.next();
      if (response.destroyed) return;
      if (piece === null) break;
      await flow.write(piece);
      if (response.destroyed) return;
    }
    response.end();
  } finally {
    watching.close();
    await pieces.close();
  }
};
