import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { portErrorOf } from "./sqlite-errors.ts";

/** How long a statement waits for a lock of another connection before it gives up. */
const LOCK_WAIT_MS = 5_000;
/** Memory that one connection may use for pages it read. */
const PAGE_CACHE_KIB = 32 * 1024;
/** How much of the database file a connection reads through the page cache of the system rather than by copying. */
const MAPPED_BYTES_MAX = 256 * 1024 * 1024;
/** Pages in the write-ahead log at which a commit copies them into the database: 16 MiB, so that hot pages are copied seldom. */
const LOG_PAGES_MAX = 4_000;
/** The write-ahead log is cut back to this length once it was copied into the database. */
const LOG_KEPT_BYTES_MAX = 64 * 1024 * 1024;

/**
 * One connection to SQLite with its statements prepared once each. Every error leaves as a `PortError`, except those that only
 * a mistake in a statement can cause.
 */
export class Connection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Opens for reading and writing; a commit returns when it is safe from a power cut. */
  static openWriter(file: string): Connection {
    return Connection.#open(file, false, [
      "PRAGMA journal_mode = WAL",
      "PRAGMA synchronous = FULL",
      `PRAGMA wal_autocheckpoint = ${String(LOG_PAGES_MAX)}`,
      `PRAGMA journal_size_limit = ${String(LOG_KEPT_BYTES_MAX)}`,
    ]);
  }

  /** Opens an existing database for reading; each statement sees what was committed before it began. */
  static openReader(file: string): Connection {
    return Connection.#open(file, true, []);
  }

  static #open(file: string, readOnly: boolean, pragmas: readonly string[]): Connection {
    try {
      const database = new DatabaseSync(file, {
        readOnly,
        timeout: LOCK_WAIT_MS,
        enableForeignKeyConstraints: true,
      });
      database.exec(
        [
          `PRAGMA cache_size = -${String(PAGE_CACHE_KIB)}`,
          `PRAGMA mmap_size = ${String(MAPPED_BYTES_MAX)}`,
          "PRAGMA temp_store = MEMORY",
          ...pragmas,
        ].join(";"),
      );
      return new Connection(database);
    } catch (error) {
      throw portErrorOf(error);
    }
  }

  /** The first row of the answer. The caller names the shape that the statement gives. */
  get<Shape>(sql: string, ...values: readonly SQLInputValue[]): Shape | undefined {
    try {
      return this.#prepared(sql).get(...values) as Shape | undefined;
    } catch (error) {
      throw portErrorOf(error);
    }
  }

  /** All rows of the answer. */
  all<Shape>(sql: string, ...values: readonly SQLInputValue[]): readonly Shape[] {
    try {
      return this.#prepared(sql).all(...values) as unknown as readonly Shape[];
    } catch (error) {
      throw portErrorOf(error);
    }
  }

  /** Runs a writing statement and tells how many rows it changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    try {
      return Number(this.#prepared(sql).run(...values).changes);
    } catch (error) {
      throw portErrorOf(error);
    }
  }

  /** Runs statements that take no values and are needed once. */
  execute(sql: string): void {
    try {
      this.#database.exec(sql);
    } catch (error) {
      throw portErrorOf(error);
    }
  }

  /** Reads several statements in one consistent state. */
  snapshot<Value>(read: () => Value): Value {
    this.run("BEGIN");
    try {
      return read();
    } finally {
      this.run("COMMIT");
    }
  }

  /** False when SQLite gave a transaction up by itself, as it does when there is no room. */
  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  /** Closing twice is harmless. */
  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** Reading, as far as the catalog needs it. */
export type Reads = Pick<Connection, "get" | "all" | "snapshot">;

/** What a transaction needs of its connection. */
export type Statements = Pick<Connection, "get" | "all" | "run" | "inTransaction">;
