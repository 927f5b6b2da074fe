import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ApiCatalog,
  type ApiType,
  builtin,
  enumerationOf,
  listOfType,
  mapOfType,
  optionalOf,
  structureOf,
} from "./api-type.ts";
import { createDecoder, createEncoder, type PlainValue } from "./plain-value.ts";

const text = builtin("STRING");
const catalog: ApiCatalog = {
  services: new Map(),
  enumerations: new Map(),
  structures: new Map([
    [
      "a.name",
      {
        name: "a.name",
        about: "",
        isError: false,
        fields: [
          { name: "path", type: optionalOf(text), about: "" },
          { name: "name", type: text, about: "" },
        ],
        unions: [],
      },
    ],
  ]),
};
const encode = createEncoder(catalog);
const decode = createDecoder(catalog);

test("values are wrapped by their types", () => {
  const expected: readonly (readonly [ApiType, PlainValue, unknown])[] = [
    [text, "x", "x"],
    [builtin("BOOLEAN"), false, false],
    [enumerationOf("a.kind"), "A", "A"],
    [optionalOf(text), "x", { OPTIONAL: "x" }],
    [optionalOf(text), undefined, { OPTIONAL: null }],
    [listOfType(text), ["x"], ["x"]],
    [
      mapOfType(text, listOfType(text)),
      new Map([["k", ["v"]]]),
      [{ STRUCTURE: { "map-entry": { key: "k", value: ["v"] } } }],
    ],
    [
      structureOf("a.name"),
      { name: "n" },
      { STRUCTURE: { "a.name": { path: { OPTIONAL: null }, name: "n" } } },
    ],
  ];
  for (const [type, value, wrapped] of expected) assert.deepEqual(encode(type, value), wrapped);
});

test("a value that does not fit its type is a bug", () => {
  const wrong: readonly (readonly [ApiType, PlainValue])[] = [
    [text, undefined],
    [text, ["x"]],
    [enumerationOf("a.kind"), true],
    [listOfType(text), "x"],
    [mapOfType(text, text), { k: "v" }],
    [structureOf("a.name"), "n"],
    [structureOf("a.name"), { path: "p" }],
    [structureOf("a.unknown"), {}],
  ];
  for (const [type, value] of wrong) assert.throws(() => encode(type, value), TypeError);
});

test("structures in the input are unwrapped by their name", () => {
  const params = [{ name: "identity", type: structureOf("a.name"), about: "" }];
  const input = (identity: unknown) => ({ STRUCTURE: { "operation-input": { identity } } });
  assert.deepEqual(decode(params, input({ STRUCTURE: { "a.name": { name: "n" } } })), {
    value: { identity: { path: undefined, name: "n" } },
  });
  assert.deepEqual(decode(params, input({ STRUCTURE: { "b.name": { name: "n" } } })), {
    invalid: "identity: a structure named a.name is expected",
  });
  assert.deepEqual(decode(params, input({ STRUCTURE: { "a.name": {} } })), {
    invalid: "identity: name: a string is expected",
  });
  const bare = { STRUCTURE: { "a.name": { name: "n", path: "p" } } };
  assert.deepEqual(decode(params, input(bare)), {
    invalid: "identity: path: an optional value is wrapped in OPTIONAL",
  });
});
