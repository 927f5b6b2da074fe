import assert from "node:assert/strict";
import { test } from "node:test";
import type { OperationRight } from "@contentlib/contract/vocabulary";
import { OPERATION_RIGHTS } from "@contentlib/contract/vocabulary";
import { operationOf } from "./operation-names.ts";
import { judgesItself } from "./own-refusal.ts";

test("every operation on one's own can be asked about beforehand", () => {
  const entries: readonly (readonly [string, OperationRight])[] = Object.entries(OPERATION_RIGHTS);
  for (const [name, { on }] of entries) {
    const id = operationOf(name);
    assert.ok(id !== null, name);
    assert.equal(judgesItself(id), on.kind === "self", name);
  }
});

test("an operation has its own id, and the API's names", () => {
  for (const name of [
    "item.create",
    "com.vmware.content.library.item.create",
    "content.library.item.create",
    "library.item.create",
  ])
    assert.equal(operationOf(name), "item.create", name);
  assert.equal(operationOf("contentlib.users.create"), "user.create");
  for (const name of ["", "item", "item.destroy", "constructor"])
    assert.equal(operationOf(name), null, name);
});
