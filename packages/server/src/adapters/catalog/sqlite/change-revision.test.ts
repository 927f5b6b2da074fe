import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import {
  aLibrary,
  anItem,
  anItemFile,
  aRevision,
  headOf,
} from "@contentlib/testkit/builders/libraries";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { Connection } from "./connection.ts";
import { openSqliteCatalog } from "./sqlite-catalog.ts";

test("who made a content version is told without looking at its files", () =>
  withScratchDirectory(async (directory) => {
    const file = join(directory, "catalog.db");
    const library = aLibrary();
    const item = anItem({ libraryId: library.id, contentVersion: 2, files: [anItemFile()] });
    const revision = aRevision(item, { message: "first" });
    const options = { file, now: () => 0, newServerGuid: () => "a server" };
    const writing = await openSqliteCatalog(options);
    const outcome = await writing.commit([
      { kind: "library.put", library, rev: null },
      { kind: "item.put", item, rev: null },
      { kind: "revision.put", revision, kept: 5 },
    ]);
    assert.equal(outcome.kind, "committed");
    await writing.close();
    const connection = Connection.openWriter(file);
    connection.execute("UPDATE item_revisions SET files = 'no JSON'");
    connection.close();
    const catalog = await openSqliteCatalog(options);
    assert.deepEqual(await catalog.listRevisions(item.id), [headOf(revision)]);
    assert.deepEqual(await catalog.findRevision(item.id, 2), headOf(revision));
    await assert.rejects(catalog.findRevisionFiles(item.id, 2));
    await catalog.close();
  }));
