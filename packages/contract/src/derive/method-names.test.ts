import assert from "node:assert/strict";
import { test } from "node:test";
import { OPERATIONS } from "../operations/operations.ts";
import { OPERATION_IDS } from "../vocabulary/operation-ids.ts";
import { OPERATION_METHODS } from "../vocabulary/operation-methods.ts";

test("the names of methods are those the operations have, and no two are alike; else: npm run generate", () => {
  for (const id of OPERATION_IDS) {
    const { service, method } = OPERATIONS[id];
    assert.equal(OPERATION_METHODS[id], `${service}.${method}`);
  }
  assert.equal(new Set(Object.values(OPERATION_METHODS)).size, OPERATION_IDS.length);
});
