import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { aLibrary, anItem } from "@contentlib/testkit/builders/libraries";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { allOf, HandClock } from "@contentlib/testkit/suites/catalog-subject";
import type { LibraryId } from "../../../domain/ids.ts";
import { LIST_IDLE_MAX_MS, PAGE_LENGTH_MAX } from "../../../ports/pages.ts";
import { Connection } from "./connection.ts";
import { HeldLists } from "./held-lists.ts";
import { IdLists } from "./id-lists.ts";
import { idsIn, readIdText, UNLIMITED } from "./id-text.ts";
import { type ListSource, WorkerListSource } from "./list-source.ts";
import { openTables } from "./open-tables.ts";
import { READ_SQL } from "./read-sql.ts";
import { WriteEngine } from "./write-engine.ts";

const ITEMS = PAGE_LENGTH_MAX + 1;

const storeItems = (connection: Connection): LibraryId => {
  const library = aLibrary();
  const items = Array.from({ length: ITEMS }, () => anItem({ libraryId: library.id }));
  const changes = [
    { kind: "library.put", library, rev: null } as const,
    ...items.map((item) => ({ kind: "item.put", item, rev: null }) as const),
  ];
  const calls = [{ id: 1, at: 0, request: { kind: "commit", changes } as const }];
  assert.deepEqual(
    [...new WriteEngine(connection).run(calls)],
    [[{ id: 1, value: { kind: "committed" } }]],
  );
  return library.id;
};

describe("what long lists hold", () => {
  const opened = async (
    body: (
      lists: IdLists,
      held: HeldLists,
      libraryId: LibraryId,
      clock: HandClock,
    ) => Promise<void>,
  ): Promise<void> => {
    const connection = openTables(":memory:", "a server");
    const libraryId = storeItems(connection);
    const held = new HeldLists(connection);
    const source: ListSource = {
      first: async (query, idsMax) => held.first(query, idsMax),
      open: async (list, query) => held.open(list, query),
      next: async (list) => held.next(list),
      free: (list) => held.free(list),
      read: async ({ sql, values }) => connection.all(sql, ...values),
      close: async () => undefined,
    };
    const clock = new HandClock();
    const lists = new IdLists({ reads: connection, source, after: clock.after, heldBytesMax: 1 });
    await body(lists, held, libraryId, clock);
    connection.close();
  };
  const queryOf = (libraryId: LibraryId): Parameters<IdLists["pages"]>[0] => ({
    sql: READ_SQL.itemsOfLibrary,
    values: [libraryId],
  });

  test("nothing before the first page is asked for, the ids until the last page, nothing then", () =>
    opened(async (lists, held, libraryId) => {
      const reading = lists.pages(queryOf(libraryId))[Symbol.asyncIterator]();
      assert.equal(held.count, 0);
      await reading.next();
      assert.equal(held.count, 1);
      await reading.next();
      assert.equal(held.count, 0);
    }));

  test("nothing once the reader went away", () =>
    opened(async (lists, held, libraryId) => {
      for await (const page of lists.pages(queryOf(libraryId))) {
        assert.equal(page.length, PAGE_LENGTH_MAX);
        assert.equal(held.count, 1);
        break;
      }
      assert.equal(held.count, 0);
    }));

  test("nothing once nobody asked in time, without anybody asking again", () =>
    opened(async (lists, held, libraryId, clock) => {
      await lists.pages(queryOf(libraryId))[Symbol.asyncIterator]().next();
      clock.pass(LIST_IDLE_MAX_MS - 1);
      assert.equal(held.count, 1);
      clock.pass(1);
      assert.equal(held.count, 0);
    }));

  test("a duty reads its list while there is room for no caller's, and takes none", () =>
    opened(async (lists, held, libraryId) => {
      const duty = lists.pagesOfDuty(queryOf(libraryId))[Symbol.asyncIterator]();
      await duty.next();
      const caller = lists.pages(queryOf(libraryId))[Symbol.asyncIterator]();
      assert.equal((await caller.next()).done, false);
      const ids = await allOf(lists.pagesOfDuty(queryOf(libraryId)));
      assert.equal(ids.length, ITEMS);
      assert.equal(held.count, 2);
      await duty.return?.();
      await caller.return?.();
      assert.equal(held.count, 0);
      assert.equal((await allOf(lists.pages(queryOf(libraryId)))).length, ITEMS);
    }));

  test("nothing when the reading fails", () =>
    opened(async (lists, held, libraryId) => {
      const sql = "SELECT id || 'x' AS id FROM items WHERE library_id = ? LIMIT ?";
      const broken = lists.pages({ sql, values: [libraryId] });
      await assert.rejects(allOf(broken), /not UUIDs/);
      assert.equal(held.count, 0);
      assert.equal((await allOf(lists.pages(queryOf(libraryId)))).length, ITEMS);
    }));
});

test("a list that was freed can not be read on", () => {
  const connection = openTables(":memory:", "a server");
  const held = new HeldLists(connection);
  assert.throws(() => held.next(1), /freed/);
  connection.close();
});

test("the text of a list splits into its ids, in order", () => {
  const connection = openTables(":memory:", "a server");
  const query = { sql: READ_SQL.itemsOfLibrary, values: [storeItems(connection)] };
  const rows = connection.all<{ readonly id: string }>(query.sql, ...query.values, UNLIMITED);
  const ids = rows.map(({ id }) => id);
  assert.deepEqual(idsIn(readIdText(connection, query, UNLIMITED)), ids);
  assert.deepEqual(idsIn(readIdText(connection, query, 2)), ids.slice(0, 2));
  assert.deepEqual(idsIn(readIdText(connection, query, 0)), []);
  connection.close();
});

test("between its pages a list keeps no transaction open, so that the log can be cut back", () =>
  withScratchDirectory(async (directory) => {
    const file = join(directory, "catalog.db");
    const writer = openTables(file, "a server");
    const query = { sql: READ_SQL.itemsOfLibrary, values: [storeItems(writer)] };
    const reads = Connection.openReader(file);
    const source = new WorkerListSource(file);
    const lists = new IdLists({ reads, source, after: new HandClock().after });
    const reading = lists.pages(query)[Symbol.asyncIterator]();
    await reading.next();
    const checkpoint = writer.get<{ readonly busy: number }>("PRAGMA wal_checkpoint(TRUNCATE)");
    assert.equal(checkpoint?.busy, 0);
    const last = await reading.next();
    assert.equal(last.done === true ? 0 : last.value.length, 1);
    await lists.close();
    reads.close();
    writer.close();
  }));
