// Readers of one long list, each of whom reads it again and again until told to finish, and keeps nothing of it.
import { Agent, type IncomingMessage, request as openRequest } from "node:http";
import { serveJob } from "./child.ts";
import { LOGIN_HEADER } from "./connection.ts";
import type { LoadRequest } from "./load-job.ts";
import { median } from "./statistics.ts";

export interface ListsJob {
  readonly request: LoadRequest;
  readonly readers: number;
  /** How often each reads it at least. */
  readonly timesMin: number;
}

/** What reading the list was like. */
export interface ListsResult {
  readonly lists: number;
  /** Of one list, from the request to the last byte. */
  readonly medianMs: number;
  /** Of one answer's body. */
  readonly sizeBytes: number;
}

serveJob<ListsJob>(async ({ request, readers, timesMin }, finish): Promise<ListsResult> => {
  const agent = new Agent({ keepAlive: true });
  const timesMs: number[] = [];
  let sizeBytes = 0;
  const read = async (): Promise<void> => {
    for (let times = 0; times < timesMin || !finish.aborted; times += 1) {
      const startedMs = performance.now();
      sizeBytes = await readOnce(request, agent);
      timesMs.push(performance.now() - startedMs);
    }
  };
  await Promise.all(Array.from({ length: readers }, read));
  agent.destroy();
  return { lists: timesMs.length, medianMs: median(timesMs), sizeBytes };
});

/** Bytes of the body. */
async function readOnce({ method, url, login, body }: LoadRequest, agent: Agent): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = {
    ...(login === undefined ? {} : { [LOGIN_HEADER]: login }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  const sent = openRequest(url, { method, agent, headers });
  sent.on("response", resolve).on("error", reject);
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const response = await promise;
  if (response.statusCode !== 200) throw new Error(`Answered ${String(response.statusCode)}.`);
  let sizeBytes = 0;
  for await (const chunk of response) sizeBytes += (chunk as Buffer).length;
  return sizeBytes;
}
