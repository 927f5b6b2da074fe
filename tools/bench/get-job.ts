// Asks one thing over and over on some connections for some time, and tells how often it was answered.
import { serveJob } from "./child.ts";
import { HttpConnection, requestBytes, successful } from "./connection.ts";

/** A load of equal reads. */
export interface GetJob {
  readonly url: string;
  readonly login: string;
  readonly connections: number;
  readonly durationMs: number;
}

/** Answers in a second. */
export type GetResult = number;

serveJob<GetJob>(async ({ url, login, connections, durationMs }): Promise<GetResult> => {
  const request = requestBytes("GET", url, { login });
  const open = await Promise.all(
    Array.from({ length: connections }, () => HttpConnection.open(url)),
  );
  const startedMs = performance.now();
  const endMs = startedMs + durationMs;
  let answers = 0;
  const askOn = async (connection: HttpConnection): Promise<void> => {
    while (performance.now() < endMs) {
      successful(await connection.ask(request));
      answers += 1;
    }
  };
  await Promise.all(open.map(askOn));
  const seconds = (performance.now() - startedMs) / 1000;
  for (const connection of open) connection.close();
  return answers / seconds;
});
