import assert from "node:assert/strict";
import { test } from "node:test";
import { OPERATIONS } from "../operations/operations.ts";
import { OPERATION_IDS } from "../vocabulary/operation-ids.ts";
import { SAFE_OPERATIONS } from "../vocabulary/safe-operations.ts";

test("the operations that change nothing are those that say so; else: npm run generate", () => {
  const safe = OPERATION_IDS.filter((id) => OPERATIONS[id].effect === "safe");
  assert.deepEqual([...SAFE_OPERATIONS], safe);
  assert.ok(SAFE_OPERATIONS.has("audit.list"));
  assert.ok(!SAFE_OPERATIONS.has("login.create"));
});
