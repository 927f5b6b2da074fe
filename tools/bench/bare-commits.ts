import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const BODY_BYTES = 300;

/** SQLite alone: a row is inserted, changed and deleted, each in a commit that is safe from a power cut. */
export class BareCommits implements Disposable {
  readonly #database: DatabaseSync;
  readonly #steps: readonly ((id: string) => unknown)[];
  #made = 0;

  constructor(folder: string) {
    this.#database = new DatabaseSync(join(folder, "commits.sqlite"));
    this.#database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    this.#database.exec("CREATE TABLE rows (id TEXT PRIMARY KEY, body TEXT) STRICT");
    const insert = this.#database.prepare("INSERT INTO rows (id, body) VALUES (?, ?)");
    const update = this.#database.prepare("UPDATE rows SET body = ? WHERE id = ?");
    const remove = this.#database.prepare("DELETE FROM rows WHERE id = ?");
    const body = "x".repeat(BODY_BYTES);
    this.#steps = [
      (id) => insert.run(id, body),
      (id) => update.run(body.toUpperCase(), id),
      (id) => remove.run(id),
    ];
  }

  /** Makes the next commit: the first, second or third of a row's life. */
  next(): void {
    const row = Math.floor(this.#made / this.#steps.length);
    this.#steps[this.#made % this.#steps.length]?.(`row ${String(row)}`);
    this.#made += 1;
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
