import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { portErrorWith } from "@contentlib/testkit/errors/port-error-with";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { aLibrary, anItem, anItemFile } from "@contentlib/testkit/builders/libraries";
import type { Item } from "../../../domain/item.ts";
import type { Library } from "../../../domain/library.ts";
import { Connection } from "./connection.ts";
import { migrate, NewerCatalogError, TABLES_VERSION, tablesVersionOf } from "./migrations.ts";
import { FIRST_TABLES } from "./migrations/0001-first-tables.ts";
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

/** A file as the first version of the tables left it, with these items of one library. */
const firstVersionFile = (file: string, library: Library, items: readonly Item[]): void => {
  const connection = Connection.openWriter(file);
  connection.execute(FIRST_TABLES);
  connection.execute("PRAGMA user_version = 1");
  const insert = "INSERT INTO libraries (id, type, name_key, rev, body) VALUES (?, ?, ?, 1, ?)";
  connection.run(insert, library.id, library.type, library.name, JSON.stringify(library));
  for (const item of items) {
    connection.run(
      `INSERT INTO items (id, library_id, name_key, type_key, content_version, rev, body)
        VALUES (?, ?, ?, '', ?, 1, ?)`,
      item.id,
      library.id,
      item.name,
      item.contentVersion,
      JSON.stringify(item),
    );
    for (const { name, digest, sizeBytes } of item.files)
      connection.run(
        `INSERT INTO blob_refs (holder_kind, holder_id, name, digest, size_bytes) VALUES ('item', ?, ?, ?, ?)`,
        item.id,
        name,
        digest,
        sizeBytes,
      );
  }
  connection.close();
};

test("the present content of what the first version kept becomes a revision that holds its blobs", () =>
  withScratchDirectory(async (directory) => {
    const file = join(directory, "catalog.db");
    const files = [
      anItemFile({ name: 'r\u00e9sum\u00e9 "quoted" \u0000 \u{1f4c0}', version: 3 }),
      anItemFile({ sizeBytes: Number.MAX_SAFE_INTEGER }),
    ];
    const library = aLibrary();
    const { id: libraryId } = library;
    const changed = anItem({ libraryId, contentVersion: 4, modifiedAt: 1_704_067_200_123, files });
    const emptied = anItem({ libraryId, contentVersion: 2 });
    const fresh = anItem({ libraryId });
    firstVersionFile(file, library, [changed, emptied, fresh]);
    const catalog = await open(file);
    try {
      const kept = { itemId: changed.id, contentVersion: 4, at: 1_704_067_200_123 };
      assert.deepEqual(await catalog.listRevisions(changed.id), [kept]);
      assert.deepEqual(await catalog.findRevisionFiles(changed.id, 4), files);
      const { id: itemId, modifiedAt: at } = emptied;
      const nothing = { itemId, contentVersion: 2, at };
      assert.deepEqual(await catalog.listRevisions(emptied.id), [nothing]);
      assert.deepEqual(await catalog.findRevisionFiles(emptied.id, 2), []);
      assert.deepEqual(await catalog.listRevisions(fresh.id), []);

      for (const bytes of files) {
        const holder = { itemId: changed.id, rev: 1 };
        assert.deepEqual(await catalog.findBlobHolder(bytes, new Set([libraryId])), holder);
        assert.deepEqual(await catalog.findBlobHolder(bytes, null), holder);
      }

      const item = { ...changed, contentVersion: 5, files: [] };
      const next = { itemId: item.id, contentVersion: 5, at: 0 };
      const put = { kind: "item.put", item, rev: 1 } as const;
      assert.equal((await catalog.commit([put])).kind, "committed");
      for (const { digest } of files) assert.equal(await catalog.housekeeping.doom(digest), false);
      const forgetting = {
        kind: "revision.put",
        revision: { ...next, files: [] },
        kept: 1,
      } as const;
      assert.equal((await catalog.commit([forgetting])).kind, "committed");
      assert.deepEqual(await catalog.listRevisions(changed.id), [next]);
      const unreferenced = await catalog.housekeeping.listUnreferenced(0, 10);
      assert.deepEqual(unreferenced.toSorted(), files.map(({ digest }) => digest).toSorted());
    } finally {
      await catalog.close();
    }
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
