// Creates, cancels and deletes update sessions, each connection on an item of its own, and tells how many rounds it made.
import { serveJob } from "./child.ts";
import { HttpConnection, requestBytes, successful } from "./connection.ts";

/** One connection for each item. */
export interface CyclesJob {
  readonly url: string;
  readonly login: string;
  readonly items: readonly string[];
  readonly durationMs: number;
}

/** Cycles in a second, each of them three durable writes. */
export type CyclesResult = number;

serveJob<CyclesJob>(async ({ url, login, items, durationMs }): Promise<CyclesResult> => {
  const base = `${url}/api/content/library/item/update-session`;
  const open = await Promise.all(items.map(() => HttpConnection.open(url)));
  const startedMs = performance.now();
  const endMs = startedMs + durationMs;
  let cycles = 0;
  const cycleOn = async (connection: HttpConnection, itemId: string): Promise<void> => {
    const create = requestBytes("POST", base, { login, body: { library_item_id: itemId } });
    while (performance.now() < endMs) {
      const id = JSON.parse(successful(await connection.ask(create))) as string;
      const cancel = requestBytes("POST", `${base}/${id}?action=cancel`, { login });
      successful(await connection.ask(cancel));
      successful(await connection.ask(requestBytes("DELETE", `${base}/${id}`, { login })));
      cycles += 1;
    }
  };
  await Promise.all(open.map((connection, index) => cycleOn(connection, items[index] ?? "")));
  const seconds = (performance.now() - startedMs) / 1000;
  for (const connection of open) connection.close();
  return cycles / seconds;
});
