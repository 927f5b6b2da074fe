// A server that others fetch one file from, and that goes on where it is asked to.
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { TestContext } from "node:test";
import { startRemoteServer } from "@contentlib/testkit/rigs/remote-rig";

const CHUNK_BYTES = 1024 * 1024;

/** How a source sends what is asked for from there on. */
type Send = (start: number) => AsyncGenerator<Uint8Array, void, undefined>;

/** A source of a file of that size at any of its addresses; it tells from where it was asked. */
export async function startDepot(t: TestContext, sizeBytes: number, send: Send) {
  const asked: (string | undefined)[] = [];
  const depot = await startRemoteServer((request: IncomingMessage, response) => {
    const { range } = request.headers;
    asked.push(range);
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? "0");
    const isPart = range !== undefined && request.headers["if-range"] === '"v1"';
    const from = isPart ? start : 0;
    response.writeHead(isPart ? 206 : 200, {
      ETag: '"v1"',
      "Content-Length": sizeBytes - from,
      ...(isPart ? { "Content-Range": `bytes ${from}-${sizeBytes - 1}/${sizeBytes}` } : {}),
    });
    // It breaks where the server is ended that fetches.
    void pipeline(Readable.from(send(from)), response).catch(() => undefined);
  });
  t.after(async () => await depot.close());
  return { ...depot, asked };
}

/** A source whose connections stop at that byte until it is told to go on. */
export async function startHoldingDepot(t: TestContext, content: Uint8Array, heldAt: number) {
  const gate = Promise.withResolvers<void>();
  const size = content.length;
  const depot = await startDepot(t, size, async function* (start) {
    for (let at = start; at < size;) {
      if (at >= heldAt) await gate.promise;
      const end = at < heldAt ? Math.min(at + CHUNK_BYTES, heldAt) : at + CHUNK_BYTES;
      yield content.subarray(at, end);
      at = end;
    }
  });
  return { ...depot, letGo: gate.resolve };
}
