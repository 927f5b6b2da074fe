import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { portErrorWith } from "@contentlib/testkit/errors/port-error-with";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { Connection } from "./connection.ts";
import { migrate, NewerCatalogError, TABLES_VERSION, tablesVersionOf } from "./migrations.ts";
import { openSqliteCatalog } from "./sqlite-catalog.ts";

const open = (file: string): ReturnType<typeof openSqliteCatalog> =>
  openSqliteCatalog({ file, now: () => 0, newServerGuid: () => "a server" });

const valueOf = (connection: Connection, sql: string, column: string): unknown =>
  connection.get<Readonly<Record<string, unknown>>>(sql)?.[column];

test("an empty database gets the present tables, and migrating again changes nothing", () => {
  const connection = Connection.openWriter(":memory:");
  assert.equal(tablesVersionOf(connection), 0);
  migrate(connection);
  assert.equal(tablesVersionOf(connection), TABLES_VERSION);
  connection.execute(`INSERT INTO meta (name, value) VALUES ('kept', 1)`);
  migrate(connection);
  assert.equal(valueOf(connection, "SELECT value FROM meta", "value"), 1);
  connection.close();
});

test("a file of a newer version is refused with both versions and left as it is", () =>
  withScratchDirectory(async (directory) => {
    const file = join(directory, "catalog.db");
    const newer = Connection.openWriter(file);
    newer.execute(`PRAGMA user_version = ${String(TABLES_VERSION + 1)}`);
    newer.close();
    const before = await readFile(file);
    await assert.rejects(open(file), (error) => {
      assert.ok(error instanceof NewerCatalogError);
      assert.deepEqual(
        [error.foundVersion, error.knownVersion],
        [TABLES_VERSION + 1, TABLES_VERSION],
      );
      assert.match(error.message, /newer version of contentlib/);
      return true;
    });
    assert.deepEqual(await readFile(file), before);
  }));

test("a file that is no database is corrupt, a directory that is not there unavailable", () =>
  withScratchDirectory(async (directory) => {
    const file = join(directory, "catalog.db");
    await writeFile(
      file,
      "this is not a database, and long enough to be looked at as one".repeat(100),
    );
    await assert.rejects(open(file), portErrorWith("corrupt"));
    await assert.rejects(
      open(join(directory, "nowhere", "catalog.db")),
      portErrorWith("unavailable"),
    );
  }));

test("a step that fails leaves the tables as they were", () => {
  const connection = Connection.openWriter(":memory:");
  connection.execute("CREATE TABLE items (id TEXT)");
  assert.throws(() => migrate(connection), /items/);
  assert.equal(tablesVersionOf(connection), 0);
  assert.equal(connection.inTransaction, false);
  const tables = connection.all<{ readonly name: string }>(
    `SELECT name FROM sqlite_schema WHERE type = 'table'`,
  );
  assert.deepEqual(
    tables.map(({ name }) => name),
    ["items"],
  );
  connection.close();
});

test("a commit is synced, the log is a write-ahead log, and references are checked", () =>
  withScratchDirectory(async (directory) => {
    const connection = Connection.openWriter(join(directory, "catalog.db"));
    assert.equal(valueOf(connection, "PRAGMA synchronous", "synchronous"), 2);
    assert.equal(valueOf(connection, "PRAGMA journal_mode", "journal_mode"), "wal");
    assert.equal(valueOf(connection, "PRAGMA foreign_keys", "foreign_keys"), 1);
    connection.close();
    await Promise.resolve();
  }));
