// Lists and creates sessions at fixed times, whether or not the one before was answered, until told to finish; so a server that
// stands still is asked as often as one that does not.
import { setTimeout as sleep } from "node:timers/promises";
import { serveJob } from "./child.ts";
import { type HttpConnection, requestBytes, successful } from "./connection.ts";
import { FreeConnections } from "./free-connections.ts";
import { quantile } from "./statistics.ts";

export interface CommandsJob {
  readonly url: string;
  readonly login: string;
  /** Free items; each holds one session at a time, which is ended out of the measure. */
  readonly items: readonly string[];
  /** Time from one list, and one create, to the next. */
  readonly periodMs: number;
}

/** Milliseconds below which 99 of 100 calls were answered, and how many calls that were. */
export interface CommandsResult {
  readonly listP99Ms: number;
  readonly createP99Ms: number;
  readonly calls: number;
}

const timed = async (
  connection: HttpConnection,
  request: Buffer,
  timesMs: number[],
): Promise<string> => {
  const startedMs = performance.now();
  const body = successful(await connection.ask(request));
  timesMs.push(performance.now() - startedMs);
  return body;
};

serveJob<CommandsJob>(async (job, finish): Promise<CommandsResult> => {
  const { url, login, periodMs } = job;
  const base = `${url}/api/content/library/item/update-session`;
  const connections = new FreeConnections(url);
  const free = [...job.items];
  const listsMs: number[] = [];
  const createsMs: number[] = [];
  const list = requestBytes("GET", base, { login });
  const listOnce = async (): Promise<void> => {
    await connections.use((connection) => timed(connection, list, listsMs));
  };
  const createOnce = async (itemId: string): Promise<void> => {
    const create = requestBytes("POST", base, { login, body: { library_item_id: itemId } });
    await connections.use(async (connection) => {
      const id = JSON.parse(await timed(connection, create, createsMs)) as string;
      successful(
        await connection.ask(requestBytes("POST", `${base}/${id}?action=cancel`, { login })),
      );
      successful(await connection.ask(requestBytes("DELETE", `${base}/${id}`, { login })));
    });
    free.push(itemId);
  };
  const running: Promise<void>[] = [];
  while (!finish.aborted) {
    running.push(listOnce());
    await sleep(periodMs / 2);
    const itemId = free.shift();
    if (itemId === undefined)
      throw new Error("More creates wait for an answer than there are items.");
    running.push(createOnce(itemId));
    await sleep(periodMs / 2);
  }
  await Promise.all(running);
  connections.close();
  return {
    listP99Ms: quantile(listsMs, 0.99),
    createP99Ms: quantile(createsMs, 0.99),
    calls: listsMs.length + createsMs.length,
  };
});
