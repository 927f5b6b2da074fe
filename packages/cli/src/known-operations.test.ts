import assert from "node:assert/strict";
import { test } from "node:test";
import { isTrailOperation, nearOperations, nearTrailOperations } from "./known-operations.ts";

test("operations of the API are known, and what only the trail tells", () => {
  for (const name of ["item.create", "whoami.get", "transfer.upload", "server.start", "several"])
    assert.ok(isTrailOperation(name), name);
  for (const name of ["nope.nope", "", "item", "toString", "Item.create", "library.item.create"])
    assert.ok(!isTrailOperation(name), name);
});

test("what may have been meant is near in noun and verb", () => {
  assert.match(nearOperations("item.creat"), /^Did you mean item\.create, .* or .*\?$/);
  assert.match(nearOperations("Item.create"), /^Did you mean item\.create,/);
  assert.match(nearOperations("library.item.create"), /^Did you mean item\.create,/);
  assert.match(nearOperations("libary.list"), /^Did you mean library\.list,/);
  assert.match(nearTrailOperations("server.starts"), /^Did you mean server\.start,/);
  assert.ok(!nearOperations("server.starts").includes("server.start,"));
});
