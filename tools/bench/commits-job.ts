// SQLite alone: one row inserted, changed and deleted, each in a commit that is safe from a power cut.
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { serveJob } from "./child.ts";

export interface CommitsJob {
  readonly folder: string;
  readonly durationMs: number;
}

/** Commits in a second. */
export type CommitsResult = number;

const BODY_BYTES = 300;

serveJob<CommitsJob>(async ({ folder, durationMs }): Promise<CommitsResult> => {
  const database = new DatabaseSync(join(folder, "commits.sqlite"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec("CREATE TABLE IF NOT EXISTS rows (id TEXT PRIMARY KEY, body TEXT) STRICT");
  const insert = database.prepare("INSERT INTO rows (id, body) VALUES (?, ?)");
  const update = database.prepare("UPDATE rows SET body = ? WHERE id = ?");
  const remove = database.prepare("DELETE FROM rows WHERE id = ?");
  const body = "x".repeat(BODY_BYTES);
  const startedMs = performance.now();
  let cycles = 0;
  while (performance.now() < startedMs + durationMs) {
    const id = `session ${String(cycles)}`;
    insert.run(id, body);
    update.run(body, id);
    remove.run(id);
    cycles += 1;
  }
  const seconds = (performance.now() - startedMs) / 1000;
  database.close();
  return await Promise.resolve((3 * cycles) / seconds);
});
