import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { aLibrary, anItem } from "@contentlib/testkit/builders/libraries";
import { anUpdateSession, endedSession } from "@contentlib/testkit/builders/sessions";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import type { Item } from "../../../../domain/item.ts";
import type { UpdateSession } from "../../../../domain/update-session.ts";
import { Connection } from "../connection.ts";
import { openSqliteCatalog } from "../sqlite-catalog.ts";
import { FIRST_TABLES } from "./0001-first-tables.ts";

const library = aLibrary();

/** An item of the library in a file of the first version, with sessions in these states. */
const store = (
  connection: Connection,
  over: Partial<Item>,
  states: readonly UpdateSession["state"][],
): Item => {
  const item = anItem({ ...over, libraryId: library.id });
  connection.run(
    `INSERT INTO items (id, library_id, name_key, type_key, content_version, rev, body)
      VALUES (?, ?, ?, '', ?, 1, ?)`,
    item.id,
    library.id,
    item.name,
    item.contentVersion,
    JSON.stringify(item),
  );
  for (const state of states) {
    const active = anUpdateSession({ itemId: item.id });
    const session = state === "ACTIVE" ? active : endedSession(active, state);
    connection.run(
      `INSERT INTO update_sessions (id, owner_id, item_id, state, expires_at, rev, files_rev, body)
        VALUES (?, ?, ?, ?, ?, 1, 1, ?)`,
      session.id,
      session.ownerId,
      item.id,
      state,
      session.expiresAt,
      JSON.stringify(session),
    );
  }
  return item;
};

test("the items of an older file have the past of the sessions that are kept, and a new one goes on from there", () =>
  withScratchDirectory(async (directory) => {
    const file = join(directory, "catalog.db");
    const connection = Connection.openWriter(file);
    connection.execute(FIRST_TABLES);
    connection.execute("PRAGMA user_version = 1");
    connection.run(
      "INSERT INTO libraries (id, type, name_key, rev, body) VALUES (?, 'LOCAL', ?, 1, ?)",
      library.id,
      library.name,
      JSON.stringify(library),
    );
    const fresh = store(connection, {}, []);
    const expected = [
      [fresh, "none"],
      [store(connection, {}, ["ACTIVE"]), "unfinished"],
      [store(connection, {}, ["CANCELED", "ERROR", "EXPIRED"]), "unfinished"],
      [store(connection, {}, ["CANCELED", "DONE"]), "completed"],
      [store(connection, { contentVersion: 2 }, []), "completed"],
    ] as const;
    connection.close();
    const catalog = await openSqliteCatalog({ file, now: () => 0, newServerGuid: () => "server" });
    try {
      for (const [item, past] of expected)
        assert.deepEqual(await catalog.findItemByName(library.id, item.name), {
          value: item,
          rev: 1,
          past,
        });
      const session = anUpdateSession({ itemId: fresh.id });
      await catalog.commit([{ kind: "session.create", session, files: [] }]);
      assert.equal((await catalog.findItemByName(library.id, fresh.name))?.past, "unfinished");
    } finally {
      await catalog.close();
    }
  }));
