import assert from "node:assert/strict";
import { test } from "node:test";
import { fingerprintOf } from "./fingerprint.ts";

test("a print is 16 hexadecimal digits that depend on each character and its place", () => {
  const texts = ["", "a", "b", "ab", "ba", "aa", "\u0000", "é", "ab ", "𝒳"];
  const prints = texts.map(fingerprintOf);
  for (const print of prints) assert.match(print, /^[0-9a-f]{16}$/);
  assert.equal(new Set(prints).size, texts.length);
  assert.deepEqual(texts.map(fingerprintOf), prints);
});

test("the first half is the published hash", () => {
  // The FNV-1a test vectors of one byte each.
  assert.equal(fingerprintOf("").slice(0, 8), "811c9dc5");
  assert.equal(fingerprintOf("a").slice(0, 8), "e40c292c");
});
