import assert from "node:assert/strict";
import { test } from "node:test";
import { aLibrary, anItem, anItemFile } from "@contentlib/testkit/builders/libraries";
import type { ChangeSet } from "../../../ports/change.ts";
import type { Call, Reply } from "./calls.ts";
import type { Connection, Statements } from "./connection.ts";
import { PortError } from "../../../ports/port-error.ts";
import { openTables } from "./open-tables.ts";
import { WriteEngine } from "./write-engine.ts";
import type { WriteRequest } from "./write-requests.ts";

const callsOf = (...sets: readonly ChangeSet[]): readonly Call<WriteRequest>[] =>
  sets.map((changes, index) => ({ id: index + 1, at: 0, request: { kind: "commit", changes } }));

const putLibrary = (): ChangeSet => [{ kind: "library.put", library: aLibrary(), rev: null }];

const countOf = (connection: Connection): number =>
  connection.get<{ readonly count: number }>("SELECT count(*) AS count FROM libraries")?.count ??
  -1;

const openedWith = (body: (engine: WriteEngine, connection: Connection) => void): void => {
  const connection = openTables(":memory:", "a server");
  try {
    body(new WriteEngine(connection), connection);
  } finally {
    connection.close();
  }
};

/** More than fits into the pages that the test leaves. */
const tooLarge = (): ChangeSet => {
  const library = aLibrary();
  const files = Array.from({ length: 2_000 }, () => anItemFile());
  return [
    { kind: "library.put", library, rev: null },
    { kind: "item.put", item: anItem({ libraryId: library.id, files }), rev: null },
  ];
};

test("many calls are answered group by group, each call once", () => {
  openedWith((engine, connection) => {
    const calls = callsOf(...Array.from({ length: 600 }, putLibrary));
    const groups = [...engine.run(calls)];
    assert.ok(groups.length > 1);
    assert.deepEqual(
      groups.flat().map(({ id }) => id),
      calls.map(({ id }) => id),
    );
    assert.equal(countOf(connection), 600);
  });
});

test("what a group took is told once, and not of one that was lost", () => {
  openedWith((engine, connection) => {
    assert.equal(engine.takeFigures(), undefined);
    Array.from(engine.run(callsOf(putLibrary(), putLibrary())));
    const { writes, writeMs = -1, syncMs = -1 } = engine.takeFigures() ?? {};
    assert.equal(writes, 2);
    assert.ok(writeMs > 0 && syncMs > 0);
    assert.equal(engine.takeFigures(), undefined);
    connection.execute("PRAGMA query_only = 1");
    Array.from(engine.run(callsOf(putLibrary())));
    assert.equal(engine.takeFigures(), undefined);
  });
});

test("when there is room for some sets of a group only, the others still get in", () => {
  openedWith((engine, connection) => {
    const pages =
      connection.get<{ readonly page_count: number }>("PRAGMA page_count")?.page_count ?? 0;
    connection.execute(`PRAGMA max_page_count = ${String(pages + 20)}`);
    const replies = [...engine.run(callsOf(putLibrary(), tooLarge(), putLibrary()))].flat();
    const outcomes = replies.map((reply: Reply) =>
      "error" in reply ? reply.error.kind : reply.value,
    );
    assert.deepEqual(outcomes, [{ kind: "committed" }, "full", { kind: "committed" }]);
    assert.equal(countOf(connection), 2);
    assert.equal(connection.inTransaction, false);
  });
});

test("a mistake of ours fails its own call and no other", () => {
  openedWith((engine, connection) => {
    const broken = { ...aLibrary(), id: null } as unknown as ReturnType<typeof aLibrary>;
    const bad: ChangeSet = [{ kind: "library.put", library: broken, rev: null }];
    const replies = [...engine.run(callsOf(putLibrary(), bad, putLibrary()))].flat();
    const outcomes = replies.map((reply: Reply) =>
      "error" in reply ? reply.error.kind : reply.value,
    );
    assert.deepEqual(outcomes, [{ kind: "committed" }, "bug", { kind: "committed" }]);
    assert.equal(countOf(connection), 2);
  });
});

/** SQLite's answer when the sync of a commit fails. */
const syncFailure = (): PortError =>
  new PortError("unavailable", "The disk failed.", {
    cause: Object.assign(new Error("disk I/O error"), { errcode: 10 | (4 << 8) }),
  });

test("when the disk fails at the commit, every call of the group learns it and none is tried again", () => {
  openedWith((_, connection) => {
    const said: string[] = [];
    const failing: Statements = {
      get: (sql, ...values) => connection.get(sql, ...values),
      all: (sql, ...values) => connection.all(sql, ...values),
      run: (sql, ...values) => {
        said.push(sql);
        if (sql === "COMMIT") throw syncFailure();
        return connection.run(sql, ...values);
      },
      get inTransaction() {
        return connection.inTransaction;
      },
    };
    const replies = [...new WriteEngine(failing).run(callsOf(putLibrary(), putLibrary()))].flat();
    assert.deepEqual(
      replies.map((reply) => ("error" in reply ? reply.error.kind : reply.value)),
      ["unavailable", "unavailable"],
    );
    assert.equal(said.filter((sql) => sql === "COMMIT").length, 1);
    assert.equal(connection.inTransaction, false);
    assert.equal(countOf(connection), 0);
  });
});
