// Sends a file, or reads an address to its end, where there is no curl.
import { createReadStream, readFileSync, statSync } from "node:fs";
import { type IncomingMessage, request as openRequest } from "node:http";
import { request as openTlsRequest } from "node:https";
import { pipeline } from "node:stream/promises";
import { serveJob } from "./child.ts";

const READ_BYTES = 1024 * 1024;

interface Transfer {
  readonly url: string;
  /** The file to send; absent to read. */
  readonly path?: string;
  /** Path of the certificate that the server must show; for https. */
  readonly ca?: string;
}

serveJob<Transfer>(async ({ url, path, ca }) => {
  const startedMs = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = path === undefined ? {} : { "content-length": statSync(path).size };
  const options = { method: path === undefined ? "GET" : "PUT", headers };
  const request =
    ca === undefined
      ? openRequest(url, options)
      : openTlsRequest(url, { ...options, ca: readFileSync(ca, "utf8") });
  request.on("response", resolve).on("error", reject);
  if (path === undefined) request.end();
  else await pipeline(createReadStream(path, { highWaterMark: READ_BYTES }), request);
  const response = await promise;
  for await (const _chunk of response);
  if (response.statusCode !== 200) throw new Error(`Answered ${String(response.statusCode)}.`);
  return (performance.now() - startedMs) / 1000;
});
