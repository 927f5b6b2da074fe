import assert from "node:assert/strict";
import { test } from "node:test";
import { parseContentVersion, shortMessageOf } from "./revision.ts";

test("a content version is a decimal number from 1", () => {
  assert.equal(parseContentVersion("1"), 1);
  assert.equal(parseContentVersion("12"), 12);
  assert.equal(parseContentVersion(String(Number.MAX_SAFE_INTEGER)), Number.MAX_SAFE_INTEGER);
  for (const text of ["", "0", "01", "-1", "+1", "1.0", "1e3", " 1", "0x1", "a", "9".repeat(16)])
    assert.equal(parseContentVersion(text), null, text);
});

test("a short message is the first line, at most 80 characters of it, none of them torn", () => {
  assert.equal(shortMessageOf("one\ntwo"), "one");
  assert.equal(shortMessageOf("one\r\ntwo"), "one");
  assert.equal(shortMessageOf(""), "");
  assert.equal(shortMessageOf("a".repeat(81)), "a".repeat(80));
  assert.equal(shortMessageOf("💾".repeat(81)), "💾".repeat(80));
});
