// Sends each file to its address by one PUT, on as many kept connections as are allowed, and tells the seconds that took.
import { readFile } from "node:fs/promises";
import { Agent, request as openRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { serveJob } from "./child.ts";

/** What goes where. */
export interface BarePutsJob {
  readonly puts: readonly { readonly path: string; readonly url: string }[];
  readonly parallel: number;
}

serveJob<BarePutsJob>(async ({ puts, parallel }) => {
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  const startedMs = performance.now();
  const queue = puts.values();
  const lane = async (): Promise<void> => {
    for (const { path, url } of queue) await put(agent, url, await readFile(path));
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  const seconds = (performance.now() - startedMs) / 1000;
  agent.destroy();
  return seconds;
});

async function put(agent: Agent, url: string, bytes: Buffer): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = { "content-length": bytes.length };
  const request = openRequest(url, { method: "PUT", agent, headers });
  request.on("response", resolve).on("error", reject).end(bytes);
  const response = await promise;
  for await (const _chunk of response);
  if (response.statusCode !== 200) throw new Error(`Answered ${String(response.statusCode)}.`);
}
