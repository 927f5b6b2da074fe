import assert from "node:assert/strict";
import { test } from "node:test";
import { foldName } from "./fold-name.ts";
import { repeatedNames } from "./repeated-names.ts";

test("names that differ in case or composition only are the same", () => {
  for (const [one, other] of [
    ["Disk.VMDK", "disk.vmdk"],
    ["PRÜFUNG", "pru\u0308fung"],
    ["straße", "STRASSE"],
    ["ΟΔΟΣ", "οδος"],
    ["οδοσ", "οδος"],
  ] as const)
    assert.equal(foldName(one), foldName(other), one);
});

test("names that differ otherwise are not", () => {
  for (const [one, other] of [
    ["disk1", "disk2"],
    ["e", "é"],
    ["a b", "ab"],
  ] as const)
    assert.notEqual(foldName(one), foldName(other));
});

test("each name that came before is told, once for each time", () => {
  assert.deepEqual(repeatedNames(["a", "b", "A", "c", "a"]), ["A", "a"]);
  assert.deepEqual(repeatedNames(["a", "b"]), []);
});
