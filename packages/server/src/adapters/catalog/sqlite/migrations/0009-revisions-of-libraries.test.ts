import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { aLibrary, anItem } from "@contentlib/testkit/builders/libraries";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { Connection } from "../connection.ts";
import { openSqliteCatalog } from "../sqlite-catalog.ts";
import { FIRST_TABLES } from "./0001-first-tables.ts";
import { REVISIONS_AND_SUBSCRIPTIONS } from "./0002-revisions-and-subscriptions.ts";

const library = aLibrary();
const item = anItem({ libraryId: library.id, contentVersion: 5 });

/** A file of the second version with an item that keeps three content versions. */
const storeItem = (connection: Connection): void => {
  connection.execute(FIRST_TABLES);
  connection.execute(REVISIONS_AND_SUBSCRIPTIONS);
  connection.execute("PRAGMA user_version = 2");
  connection.run(
    "INSERT INTO libraries (id, type, name_key, rev, body) VALUES (?, 'LOCAL', ?, 1, ?)",
    library.id,
    library.name,
    JSON.stringify(library),
  );
  connection.run(
    `INSERT INTO items (id, library_id, name_key, type_key, content_version, rev, body)
      VALUES (?, ?, ?, '', ?, 1, ?)`,
    item.id,
    library.id,
    item.name,
    item.contentVersion,
    JSON.stringify(item),
  );
  for (const version of [3, 4, 5])
    connection.run(
      "INSERT INTO item_revisions (item_id, content_version, at, files) VALUES (?, ?, 0, '[]')",
      item.id,
      version,
    );
  connection.run("INSERT INTO revision_ranges (item_id, oldest, newest) VALUES (?, 3, 5)", item.id);
};

test("what an older file keeps is purged by the number of its library, once that has one", () =>
  withScratchDirectory(async (directory) => {
    const file = join(directory, "catalog.db");
    const connection = Connection.openWriter(file);
    storeItem(connection);
    connection.close();
    const catalog = await openSqliteCatalog({ file, now: () => 0, newServerGuid: () => "server" });
    const purge = async (): Promise<number> =>
      await catalog.housekeeping.purge({
        endedBefore: 0,
        loginsIdleSince: 0,
        loginsCreatedBefore: 0,
        tokensBefore: 0,
        auditBefore: 0,
        revisionsKept: 3,
      });
    try {
      assert.equal(await purge(), 0);
      await catalog.commit([
        { kind: "library.put", library: { ...library, revisionsKept: 2 }, rev: 1 },
      ]);
      assert.equal(await purge(), 1);
      const versions = (await catalog.listRevisions(item.id)).map((head) => head.contentVersion);
      assert.deepEqual(versions, [5, 4]);
    } finally {
      await catalog.close();
    }
  }));
