// Asks the same thing over and over on each of some connections for some time, and tells how often it was answered.
import { serveJob } from "./child.ts";
import { HttpConnection, requestBytes, successful } from "./connection.ts";

/** One request, whole but for the connection it goes on. */
export interface LoadRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  /** The login's id, as the header; absent where the body says who calls. */
  readonly login?: string;
  readonly body?: unknown;
}

/** A load of requests that are the same each time. */
export interface LoadJob {
  /** Dealt out to the connections in turn. */
  readonly requests: readonly LoadRequest[];
  readonly connections: number;
  readonly durationMs: number;
}

/** How much was answered, and how long that took. */
export interface LoadResult {
  readonly answers: number;
  readonly seconds: number;
}

serveJob<LoadJob>(async ({ requests, connections, durationMs }): Promise<LoadResult> => {
  const bytes = requests.map(({ method, url, ...rest }) => requestBytes(method, url, rest));
  const open = await Promise.all(
    Array.from({ length: connections }, () => HttpConnection.open(requests[0]?.url ?? "")),
  );
  const startedMs = performance.now();
  const endMs = startedMs + durationMs;
  let answers = 0;
  const askOn = async (connection: HttpConnection, request: Buffer): Promise<void> => {
    while (performance.now() < endMs) {
      successful(await connection.ask(request));
      answers += 1;
    }
  };
  const asking = open.map((connection, index) => {
    const request = bytes[index % bytes.length];
    if (request === undefined) throw new Error("A load without a request.");
    return askOn(connection, request);
  });
  await Promise.all(asking);
  const seconds = (performance.now() - startedMs) / 1000;
  for (const connection of open) connection.close();
  return { answers, seconds };
});
