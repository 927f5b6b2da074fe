import assert from "node:assert/strict";
import { test } from "node:test";
import { anAuditEntry, anAuditPut } from "@contentlib/testkit/builders/audit";
import { BUILT_AT } from "@contentlib/testkit/builders/ids";
import { REVISIONS_KEPT_MAX } from "../../../domain/revision.ts";
import { putAudit } from "./change-audit.ts";
import { purge } from "./change-housekeeping.ts";
import { openTables } from "./open-tables.ts";
import type { Transaction } from "./transaction.ts";

test("one transaction takes no more rows of the audit trail than it may, the oldest first", () => {
  const connection = openTables(":memory:", "a server");
  const transaction: Transaction = { connection, at: BUILT_AT, endedSessions: new Set() };
  for (const age of [1, 5, 2, 4, 3])
    putAudit(transaction, anAuditPut(anAuditEntry({ at: BUILT_AT - age })));
  const limits = {
    endedBefore: 0,
    loginsIdleSince: 0,
    loginsCreatedBefore: 0,
    tokensBefore: 0,
    revisionsKept: REVISIONS_KEPT_MAX,
    auditBefore: BUILT_AT,
  };
  const left = (): readonly number[] =>
    connection
      .all<{ readonly age: number }>(
        "SELECT ? - last_at AS age FROM audit_rows ORDER BY id",
        BUILT_AT,
      )
      .map(({ age }) => age);
  assert.equal(purge(transaction, limits, 2), 2);
  assert.deepEqual(left(), [1, 2, 3]);
  assert.equal(purge(transaction, limits, 2), 2);
  assert.equal(purge(transaction, limits, 2), 1);
  assert.equal(purge(transaction, limits, 2), 0);
  connection.close();
});
