// Sends a file, or reads an address to its end, where there is no curl.
import { createReadStream, statSync } from "node:fs";
import { type IncomingMessage, request as openRequest } from "node:http";
import { pipeline } from "node:stream/promises";
import { serveJob } from "./child.ts";

const READ_BYTES = 1024 * 1024;

interface Transfer {
  readonly url: string;
  /** The file to send; absent to read. */
  readonly path?: string;
}

serveJob<Transfer>(async ({ url, path }) => {
  const startedMs = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = path === undefined ? {} : { "content-length": statSync(path).size };
  const request = openRequest(url, { method: path === undefined ? "GET" : "PUT", headers });
  request.on("response", resolve).on("error", reject);
  if (path === undefined) request.end();
  else await pipeline(createReadStream(path, { highWaterMark: READ_BYTES }), request);
  const response = await promise;
  for await (const _chunk of response);
  if (response.statusCode !== 200) throw new Error(`Answered ${String(response.statusCode)}.`);
  return (performance.now() - startedMs) / 1000;
});
