/*
 * What a good engineer would write in an hour, without a library, in a process of its own:
 *
 *   PUT /pipeline/NAME   the body into NAME, through a stream with a buffer of 1 MiB, synced before the answer
 *   PUT /gather/NAME     the same by hand: gathers of 1 MiB, one vectored write under way, synced at the end
 *   GET /file            the file named by the second argument
 *   GET anything else    the fixed answer in the file named by the third argument
 */
import { createReadStream, createWriteStream, readFileSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";

const GATHER_BYTES = 1024 * 1024;
const [folder = ".", file = "", answerFile = ""] = process.argv.slice(2);
const answer = answerFile === "" ? Buffer.alloc(0) : readFileSync(answerFile);
const answerHead = {
  "Content-Type": "application/json",
  "Content-Length": answer.length,
  "x-request-id": "00000000-0000-4000-8000-000000000000",
};

const server = createServer({ requestTimeout: 0 }, (request, response) => {
  serve(request, response).catch((error: unknown) => {
    console.error(error);
    response.destroy();
  });
});
server.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
});
process.on("SIGTERM", () => process.exit(0));

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? "";
  if (url === "/file") {
    response.writeHead(200, { "Content-Length": statSync(file).size });
    createReadStream(file).pipe(response);
  } else if (request.method === "PUT") {
    const path = join(folder, basename(url));
    if (url.startsWith("/gather/")) await gather(request, path);
    else
      await pipeline(request, createWriteStream(path, { highWaterMark: 1024 * 1024, flush: true }));
    response.end();
  } else {
    response.writeHead(200, answerHead);
    response.end(answer);
  }
}

async function gather(request: IncomingMessage, path: string): Promise<void> {
  const handle = await open(path, "w");
  try {
    await gatherInto(request, handle);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Reads on while one gather is being written, and stops reading while a second one waits. */
async function gatherInto(request: IncomingMessage, handle: FileHandle): Promise<void> {
  let chunks: Buffer[] = [];
  let chunkBytes = 0;
  let writing: Promise<unknown> | null = null;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const write = async (): Promise<void> => {
    while (chunkBytes >= GATHER_BYTES || (request.readableEnded && chunkBytes > 0)) {
      const full = chunks;
      chunks = [];
      chunkBytes = 0;
      request.resume();
      await writeFully(handle, full);
    }
    writing = null;
    if (request.readableEnded) resolve();
  };
  const go = (): void => {
    writing ??= write().catch(reject);
  };
  request.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    chunkBytes += chunk.length;
    if (chunkBytes < GATHER_BYTES) return;
    if (writing !== null) request.pause();
    go();
  });
  request.on("end", go).on("error", reject);
  await promise;
}

async function writeFully(handle: FileHandle, chunks: readonly Buffer[]): Promise<void> {
  let rest = [...chunks];
  while (rest.length > 0) {
    let { bytesWritten } = await handle.writev(rest);
    rest = rest.flatMap((chunk) => {
      const skipped = Math.min(bytesWritten, chunk.length);
      bytesWritten -= skipped;
      return skipped === chunk.length ? [] : [chunk.subarray(skipped)];
    });
  }
}
