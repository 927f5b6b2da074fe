import assert from "node:assert/strict";
import { test } from "node:test";
import { isProperty, parseByteCount, parseByteUnit, parseWholeNumber } from "./numbers.ts";

test("whole numbers have decimal digits alone, up to 2^63", () => {
  assert.equal(parseWholeNumber(" 42 "), 42n);
  assert.equal(parseWholeNumber("0"), 0n);
  assert.equal(parseWholeNumber("9223372036854775808"), 2n ** 63n);
  for (const text of [
    "9223372036854775809",
    "18446744073709551616",
    "-1",
    "+1",
    "1e9",
    "0x10",
    "1.0",
    "1 0",
    "",
    "٣",
    "9".repeat(100_000),
  ])
    assert.equal(parseWholeNumber(text), null, text.slice(0, 30));
});

test("sizes of files are numbers that can be counted exactly", () => {
  assert.equal(parseByteCount("9007199254740991"), Number.MAX_SAFE_INTEGER);
  assert.equal(parseByteCount("9007199254740992"), null);
  assert.equal(parseByteCount("-2"), null);
});

test("units are bytes times factors, in the spellings that products write", () => {
  for (const [text, bytes] of [
    ["byte", 1n],
    ["byte * 2^30", 2n ** 30n],
    ["byte*2^20", 2n ** 20n],
    ["byte * 2 ^ 20", 2n ** 20n],
    ["byte*1024*1024", 2n ** 20n],
    ["byte * 10^6", 1_000_000n],
    ["byte * 2^70", 2n ** 70n],
    ["MegaBytes", 2n ** 20n],
    ["GB", 2n ** 30n],
  ] as const)
    assert.equal(parseByteUnit(text), bytes, text);
});

test("nothing else is a unit of bytes", () => {
  for (const text of [
    "",
    "hertz * 10^6",
    "byte * 2^71",
    "byte * 3^2",
    "byte * 2^-1",
    "byte * 0",
    "byte * ",
    "byte + 1",
    "byte ** 2",
    "2^20",
    "byte * 2^30 * x",
    "byte * 99999999999",
    `byte${" * 10^70".repeat(1000)}`,
    "constructor",
    "__proto__",
  ])
    assert.equal(parseByteUnit(text), null, text.slice(0, 30));
});

test("a value may be left to whoever deploys", () => {
  assert.equal(isProperty("${size}"), true);
  for (const text of ["size", "${a}${b}", "$size", "${a", ""])
    assert.equal(isProperty(text), false);
});
