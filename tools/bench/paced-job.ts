// Asks one thing at fixed times, whether or not the one before was answered, until told to finish; so a server that stands
// still is asked as often as one that does not.
import { setTimeout as sleep } from "node:timers/promises";
import { serveJob } from "./child.ts";
import { requestBytes, successful } from "./connection.ts";
import { FreeConnections } from "./free-connections.ts";
import type { LoadRequest } from "./load-job.ts";
import { quantile } from "./statistics.ts";

export interface PacedJob {
  readonly request: LoadRequest;
  /** Time from one request to the next. */
  readonly periodMs: number;
}

/** Milliseconds from the request to the answer. */
export interface PacedResult {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly calls: number;
}

serveJob<PacedJob>(async ({ request, periodMs }, finish): Promise<PacedResult> => {
  const { method, url, ...rest } = request;
  const bytes = requestBytes(method, url, rest);
  const connections = new FreeConnections(url);
  const timesMs: number[] = [];
  const askOnce = async (): Promise<void> => {
    await connections.use(async (connection) => {
      const startedMs = performance.now();
      successful(await connection.ask(bytes));
      timesMs.push(performance.now() - startedMs);
    });
  };
  const running: Promise<void>[] = [];
  while (!finish.aborted) {
    running.push(askOnce());
    await sleep(periodMs);
  }
  await Promise.all(running);
  connections.close();
  return {
    p50Ms: quantile(timesMs, 0.5),
    p99Ms: quantile(timesMs, 0.99),
    calls: timesMs.length,
  };
});
