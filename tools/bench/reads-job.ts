// Makes reads one after the other, each kind with the next of its addresses, and tells how long they took.
import { serveJob } from "./child.ts";
import { HttpConnection, requestBytes, successful } from "./connection.ts";
import { quantile } from "./statistics.ts";

export interface ReadKind {
  readonly name: string;
  readonly requests: readonly ReadRequest[];
}

export interface ReadRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly body?: unknown;
}

export interface ReadsJob {
  readonly url: string;
  readonly login: string;
  readonly kinds: readonly ReadKind[];
}

/** Milliseconds for each kind, in the order in which they were asked for. */
export type ReadsResult = readonly { readonly p50Ms: number; readonly p99Ms: number }[];

serveJob<ReadsJob>(async ({ url, login, kinds }): Promise<ReadsResult> => {
  const connection = await HttpConnection.open(url);
  const timesMs = kinds.map((): number[] => []);
  const rounds = kinds[0]?.requests.length ?? 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { requests }] of kinds.entries()) {
      const read = requests[round];
      if (read === undefined) throw new Error("Every kind has as many requests as the first.");
      const bytes = requestBytes(read.method, read.url, { login, body: read.body });
      const startedMs = performance.now();
      const body = successful(await connection.ask(bytes));
      timesMs[index]?.push(performance.now() - startedMs);
      if (body === "[]") throw new Error(`${read.url} found nothing.`);
    }
  }
  connection.close();
  return timesMs.map((times) => ({ p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) }));
});
