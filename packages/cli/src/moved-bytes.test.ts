import assert from "node:assert/strict";
import { test } from "node:test";
import { MovedBytes } from "./moved-bytes.ts";

test("what was there before is not counted as moved, and what goes twice is counted twice", () => {
  const moved = new MovedBytes();
  moved.begin("a.iso", 67);
  moved.note("a.iso", 67);
  assert.equal(moved.total, 0);
  moved.note("a.iso", 80);
  moved.note("b.iso", 5);
  assert.equal(moved.total, 18);
  moved.begin("a.iso", 70);
  moved.note("a.iso", 100);
  assert.equal(moved.total, 48);
});
