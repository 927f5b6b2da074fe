import assert from "node:assert/strict";
import { test } from "node:test";
import type { ObjectShape, Shape, UnionShape } from "../../vocabulary/shape.ts";
import { DecoderCompiler } from "./decoder.ts";
import { FAILED, Unwrapping } from "./unwrapping.ts";

const TEXT: Shape = { kind: "string" };

interface StructureNotes {
  readonly required?: readonly string[];
  readonly ignored?: readonly string[];
  readonly unions?: readonly UnionShape[];
}

const structure = (
  members: Readonly<Record<string, Shape>>,
  { required = [], ignored = [], unions = [] }: StructureNotes = {},
): ObjectShape => ({
  kind: "object",
  name: "Thing",
  canonical: "a.thing",
  apiRequired: new Set(required),
  unions,
  about: "",
  members: new Map(
    Object.entries(members).map(([name, shape]) => [
      name,
      { shape, required: false, sentence: "" },
    ]),
  ),
  ignored: new Set(ignored),
  compared: new Set(),
});

/** The value, or the words of the fault. */
const decoded = (shape: Shape, value: unknown, skipsUnknown = false): unknown => {
  const unwrapping = new Unwrapping(skipsUnknown);
  const result = new DecoderCompiler().decoderOf(shape)(value, "at", unwrapping);
  return result === FAILED ? unwrapping.fault?.args.join(": ") : result;
};

const thing = (members: object) => ({ STRUCTURE: { "a.thing": members } });
const entry = (key: unknown, value: unknown) => ({ STRUCTURE: { "map-entry": { key, value } } });

test("a set holds nothing twice, whatever its elements are", () => {
  const set = (element: Shape): Shape => ({ kind: "list", element, isSet: true });
  assert.deepEqual(decoded(set(TEXT), ["a", "b"]), ["a", "b"]);
  assert.match(String(decoded(set(TEXT), ["a", "b", "a"])), /^at: .*twice/);
  const things = set(structure({ x: TEXT }));
  const one = thing({ x: { OPTIONAL: "1" } });
  assert.match(String(decoded(things, [one, thing({}), one])), /twice/);
  assert.deepEqual(decoded({ kind: "list", element: TEXT, isSet: false }, ["a", "a"]), ["a", "a"]);
});

test("a map is a list of entries without the same key twice, and any text is a key", () => {
  const map: Shape = { kind: "map", value: { kind: "integer" } };
  const made = decoded(map, [entry("__proto__", 1), entry("b", 2)]);
  assert.deepEqual(Object.entries(made as object), [
    ["__proto__", 1],
    ["b", 2],
  ]);
  assert.equal(Object.getPrototypeOf(made), Object.prototype);
  assert.equal(decoded(map, [entry("a", 1), entry("a", 1)]), "at: it has the key a twice");
  for (const wrong of [
    { a: 1 },
    [{ key: "a", value: 1 }],
    [entry(1, 1)],
    [{ STRUCTURE: { "map-entry": { key: "a" } } }],
    [{ STRUCTURE: { "map-entry": { key: "a", value: 1, more: 1 } } }],
    [{ STRUCTURE: { entry: { key: "a", value: 1 } } }],
  ]) {
    assert.match(String(decoded(map, wrong)), /^at: .*map-entry/);
  }
});

test("a secret comes in its wrapper, and no fault repeats it", () => {
  const shape = structure({ password: { kind: "string", format: "password" } });
  const value = (password: unknown) => thing({ password: { OPTIONAL: password } });
  assert.deepEqual(decoded(shape, value({ SECRET: "hunter2" })), { password: "hunter2" });
  for (const wrong of ["hunter2", { SECRET: ["hunter2"] }, { STRUCTURE: { hunter2: {} } }]) {
    const said = String(decoded(shape, value(wrong)));
    assert.match(said, /^at\.password: a string in SECRET is expected/);
    assert.doesNotMatch(said, /hunter2/);
  }
});

test("a wrapper has one member, and a structure one name", () => {
  const shape = structure({ x: TEXT });
  for (const wrong of [
    { STRUCTURE: { "a.thing": {}, other: {} } },
    { STRUCTURE: { "a.thing": {} }, OPTIONAL: null },
    { STRUCTURE: {} },
    { STRUCTURE: { "a.thing": [] } },
    { STRUCTURE: [] },
    { STRUCTURE: { other: {} } },
    { structure: { "a.thing": {} } },
    {},
    [],
    null,
    "a.thing",
  ]) {
    assert.match(
      String(decoded(shape, wrong)),
      /^at: a STRUCTURE named a\.thing is expected, not /,
    );
  }
});

test("a member called __proto__ is a member like any other, and changes nobody's prototype", () => {
  const shape = structure({ x: TEXT });
  const sent = JSON.parse('{"STRUCTURE":{"a.thing":{"__proto__":{"OPTIONAL":"y"}}}}') as unknown;
  assert.equal(decoded(shape, sent), "at.__proto__");
  assert.deepEqual(decoded(shape, sent, true), {});
  const named = JSON.parse('{"STRUCTURE":{"__proto__":{}}}') as unknown;
  assert.match(String(decoded(shape, named)), /not one named __proto__/);
  const inherited = thing({ toString: { OPTIONAL: null } });
  assert.deepEqual(decoded(shape, inherited), {});
});

test("members that are known and not used come in any form", () => {
  const shape = structure({}, { ignored: ["old"] });
  const old = (value: unknown) => decoded(shape, thing({ old: value }));
  assert.deepEqual(old({ OPTIONAL: null }), {});
  assert.deepEqual(old({ OPTIONAL: thing({ a: { SECRET: "s" }, b: { OPTIONAL: null } }) }), {
    old: { a: "s" },
  });
  assert.deepEqual(old([entry("__proto__", { BINARY: "eA==" })]), {
    old: JSON.parse('{"__proto__":"eA=="}') as unknown,
  });
  assert.deepEqual(old([entry("a", 1), 2]), { old: [{ key: "a", value: 1 }, 2] });
  assert.match(String(old(null)), /^at\.old: /);
  assert.match(String(old({ OPTIONAL: {} })), /^at\.old: a wrapped value/);
  assert.match(String(old({ SECRET: 1 })), /^at\.old: a wrapped value/);
  let deep: unknown = "x";
  for (let level = 0; level < 10_000; level += 1) deep = level % 2 ? [deep] : { OPTIONAL: deep };
  assert.match(String(old(deep)), /^at\.old: a value of at most 64 levels/);
});

test("unions: what a case needs must be there, what goes with another must not, an unset tag decides nothing", () => {
  const union = { tag: "t", cases: { A: { required: ["a"], allowed: ["c"] }, B: {} } };
  const shape = structure({ t: TEXT, a: TEXT }, { ignored: ["c"], unions: [union] });
  const set = (members: Readonly<Record<string, string>>) =>
    thing(
      Object.fromEntries(
        Object.entries(members).map(([name, value]) => [name, { OPTIONAL: value }]),
      ),
    );
  for (const right of [{ t: "A", a: "x" }, { t: "A", a: "x", c: "y" }, { t: "B" }, { a: "x" }, {}])
    assert.deepEqual(decoded(shape, set(right)), right);
  assert.equal(decoded(shape, set({ t: "A" })), "at.a: it is required with the t A");
  assert.equal(decoded(shape, set({ t: "B", a: "x" })), "at.a: it does not go with the t B");
  assert.equal(decoded(shape, set({ t: "B", c: "x" })), "at.c: it does not go with the t B");
  assert.deepEqual(decoded(shape, set({ t: "toString", a: "x" })), { t: "toString", a: "x" });
});

test("a hundred thousand elements and members take no more than their share each", () => {
  const many = Array.from({ length: 100_000 }, (_, index) => `v${String(index)}`);
  const set = { kind: "list", element: TEXT, isSet: true } as const;
  assert.equal((decoded(set, many) as unknown[]).length, many.length);
  const members = Object.fromEntries(many.map((name) => [name, { OPTIONAL: null }]));
  assert.deepEqual(decoded(structure({}), thing(members)), {});
  const entries = many.map((key) => entry(key, "x"));
  const map = decoded({ kind: "map", value: TEXT }, entries);
  assert.equal(Object.keys(map as object).length, many.length);
});
