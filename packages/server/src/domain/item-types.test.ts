import assert from "node:assert/strict";
import { test } from "node:test";
import { holdsFiles, ITEM_TYPES } from "./item-types.ts";
import { nameKey } from "./names.ts";
import { SECURITY_POLICIES } from "./security-policy.ts";

test("the kinds are ovf and iso, each under a type in the form it is compared in, and told of in words", () => {
  assert.deepEqual(
    ITEM_TYPES.map(({ type }) => type),
    ["ovf", "iso"],
  );
  for (const { type, name, description, vendor, version } of ITEM_TYPES) {
    assert.equal(nameKey(type), type);
    for (const text of [name, description, vendor, version]) assert.notEqual(text, "");
  }
});

test("the rules that policies have for a type are those that its kind supports", () => {
  for (const { type, supportedRules } of ITEM_TYPES) {
    const asked = SECURITY_POLICIES.flatMap(({ itemTypeRules }) => itemTypeRules[type] ?? []);
    assert.deepEqual([...new Set(asked)], supportedRules);
  }
  const known = ITEM_TYPES.map(({ type }) => type);
  for (const { itemTypeRules } of SECURITY_POLICIES)
    for (const type of Object.keys(itemTypeRules)) assert.ok(known.includes(type), type);
});

test("items of every type but vm-template hold files", () => {
  for (const type of ["ovf", "iso", "", "template", "vm-templates"])
    assert.equal(holdsFiles(type), true);
  for (const type of ["vm-template", "VM-Template"]) assert.equal(holdsFiles(type), false);
});
