import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeExtValue, encodeExtValue } from "./ext-value.ts";

test("every text comes back, and its value is a header that holds nothing but what RFC 8187 allows", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const value = encodeExtValue(text);
      assert.match(value, /^UTF-8''[A-Za-z0-9!#$&+\-.^_`|~%]*$/);
      assert.equal(decodeExtValue(value), text);
    }),
  );
});

test("the charset is taken in any case, and a language is not looked at", () => {
  assert.equal(decodeExtValue("utf-8'de'gr%c3%bcn"), "grün");
  assert.equal(decodeExtValue("UTF-8'zh-Hant'%E2%82%AC%20rates"), "€ rates");
  assert.equal(decodeExtValue("UTF-8''"), "");
});

test("what is no such value is none", () => {
  for (const value of [
    "",
    "plain text",
    "UTF-8'plain",
    "ISO-8859-1''%A3",
    "UTF-8''two words",
    "UTF-8''\"quoted\"",
    "UTF-8''it's",
    "UTF-8''100%",
    "UTF-8''%2",
    "UTF-8''%FF",
    "UTF-8''%ED%A0%80",
    "UTF-8''one, UTF-8''two",
  ])
    assert.equal(decodeExtValue(value), null, value);
});

test("a surrogate that stands alone is replaced", () => {
  assert.equal(decodeExtValue(encodeExtValue("a\ud800b")), "a\ufffdb");
});
