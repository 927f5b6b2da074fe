import assert from "node:assert/strict";
import { test } from "node:test";
import { anAuditEntry, anAuditPut } from "@contentlib/testkit/builders/audit";
import { anItemId } from "@contentlib/testkit/builders/ids";
import { AUDIT_IDS_PER_STEP, AuditTrail, RECENT_ROWS_MAX } from "./audit-trail.ts";
import { putAudit } from "./change-audit.ts";
import type { Connection } from "./connection.ts";
import { InlineListSource, type ListSource } from "./list-source.ts";
import { openTables } from "./open-tables.ts";

/** A third step, and it is short. */
const ROWS = 2 * AUDIT_IDS_PER_STEP + 3;
const ALL = { before: null, limit: 10 };

type Read = Parameters<ListSource["read"]>[0];

const put = (connection: Connection, entry = anAuditEntry()): void =>
  putAudit({ connection, at: 0, endedSessions: new Set() }, anAuditPut(entry));

/** Rows of nobody in particular, one each millisecond. */
const fill = (connection: Connection, count: number): void => {
  connection.run(
    `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
      INSERT INTO audit_rows (first_at, last_at, count, event, operation, body)
      SELECT n, n, 1, 'CHANGE', 'item.update', '{"actor":{"kind":"server"},"objects":[]}' FROM numbers`,
    count,
  );
};

/** Runs the body with an empty trail, and with the statements that were run to read it; `meanwhile` is called before each. */
const withTrail = async (
  body: (trail: AuditTrail, connection: Connection, statements: Read[]) => Promise<void>,
  meanwhile: (connection: Connection) => void = () => undefined,
): Promise<void> => {
  const connection = openTables(":memory:", "a server");
  const source = new InlineListSource(connection);
  const statements: Read[] = [];
  const trail = new AuditTrail({
    read: async (query) => {
      meanwhile(connection);
      statements.push(query);
      return await source.read(query);
    },
  });
  await body(trail, connection, statements);
  connection.close();
};

/** How many ids each step went through. */
const stepsOf = (statements: readonly Read[]): readonly number[] =>
  statements
    .filter(({ sql }) => sql.includes("ORDER BY id DESC"))
    .map(({ values: [from, below] }) => Number(below) - Number(from));

test("the whole trail is looked through in steps of bounded length", () =>
  withTrail(async (trail, connection, statements) => {
    const objects = [{ kind: "item", id: anItemId() }] as const;
    const [oldest, newest] = [anAuditEntry({ objects }), anAuditEntry({ objects })];
    put(connection, oldest);
    fill(connection, ROWS - 2);
    put(connection, newest);
    const { rows, next } = await trail.list({ objectId: objects[0].id }, ALL);
    assert.deepEqual(
      rows.map(({ id, requestId }) => [id, requestId]),
      [
        [ROWS, newest.requestId],
        [1, oldest.requestId],
      ],
    );
    assert.equal(next, null);
    assert.deepEqual(stepsOf(statements), [AUDIT_IDS_PER_STEP, AUDIT_IDS_PER_STEP, 3]);
  }));

test("looking ends when the page and the row behind it are found", () =>
  withTrail(async (trail, connection, statements) => {
    fill(connection, ROWS);
    const { rows, next } = await trail.list({ event: "CHANGE" }, { before: null, limit: 3 });
    assert.deepEqual(
      rows.map(({ id }) => id),
      [ROWS, ROWS - 1, ROWS - 2],
    );
    assert.equal(next, ROWS - 2);
    assert.equal(stepsOf(statements).length, 1);
    const limit = AUDIT_IDS_PER_STEP;
    const page = await trail.list({}, { before: ROWS, limit });
    assert.equal(page.rows.length, limit);
    assert.equal(page.next, ROWS - limit);
  }));

test("rows that are added while it is looked through do not come up", async () => {
  let isLooking = false;
  const meanwhile = (connection: Connection): void => {
    if (isLooking) put(connection, anAuditEntry({ operation: "late" }));
  };
  await withTrail(async (trail, connection, statements) => {
    put(connection, anAuditEntry({ operation: "late" }));
    fill(connection, ROWS);
    await trail.list({}, { before: null, limit: 1 });
    isLooking = true;
    const before = statements.length;
    const { rows } = await trail.list({ operation: "late" }, ALL);
    assert.ok(statements.length - before > 2);
    // One was added before the first statement told where the trail ends.
    assert.deepEqual(
      rows.map(({ id }) => id),
      [ROWS + 2, 1],
    );
  }, meanwhile);
});

test("what happened lately is looked for among few rows, and what happened long ago in all", () =>
  withTrail(async (trail, connection, statements) => {
    const count = RECENT_ROWS_MAX + AUDIT_IDS_PER_STEP;
    fill(connection, count);
    const lately = { since: count - 4, userName: "nobody" };
    assert.deepEqual((await trail.list(lately, ALL)).rows, []);
    assert.deepEqual(stepsOf(statements), [5]);
    statements.length = 0;
    const since = count - RECENT_ROWS_MAX;
    const { rows } = await trail.list({ since, until: since + 2 }, ALL);
    assert.deepEqual(
      rows.map(({ id }) => id),
      [since + 1, since],
    );
    assert.equal(
      stepsOf(statements).reduce((sum, ids) => sum + ids, 0),
      count,
    );
  }));

test("rows that were purged are not looked for", () =>
  withTrail(async (trail, connection, statements) => {
    fill(connection, ROWS);
    connection.run("DELETE FROM audit_rows WHERE id <= ?", ROWS - 7);
    await trail.list({ userName: "nobody" }, ALL);
    assert.deepEqual(stepsOf(statements), [7]);
  }));
