import assert from "node:assert/strict";
import { test } from "node:test";
import type { DataValue } from "../bindings/rpc/data-value.ts";
import { FAULTS, isFault } from "../vocabulary/faults.ts";
import type { ObjectShape, Shape } from "../vocabulary/shape.ts";
import { readInput } from "./read-input.ts";
import { RPC_OPERATIONS, type RpcOperation, rpcParametersOf } from "./rpc-operations.ts";

type Path = readonly (string | number)[];
type Tree = Readonly<Record<string, DataValue>>;

/** The members of a structure's first form: a union's case needs others than its neighbour. */
const membersInCase = (shape: ObjectShape): readonly string[] => {
  const surplus = shape.unions.flatMap(({ tag, cases }) => {
    const tagShape = shape.members.get(tag)?.shape;
    const value = tagShape?.kind === "enumeration" ? tagShape.values[0] : undefined;
    const fitting = value === undefined ? undefined : cases[value];
    const all = Object.values(cases).flatMap((one) => [
      ...(one.required ?? []),
      ...(one.allowed ?? []),
    ]);
    const kept = [...(fitting?.required ?? []), ...(fitting?.allowed ?? [])];
    return value === undefined ? [] : all.filter((name) => !kept.includes(name));
  });
  return [...shape.members.keys()].filter((name) => !surplus.includes(name));
};

const structureNameOf = ({ canonical }: ObjectShape): string => canonical || "operation-input";

/** A value of the shape with every member that can be there, wrapped as clients do. */
const sampleOf = (shape: Shape): DataValue => {
  switch (shape.kind) {
    case "string":
      return shape.format === "password" ? { SECRET: "x" } : "x";
    case "anything":
      return "x";
    case "integer":
      return 7;
    case "number":
      return 0.5;
    case "boolean":
      return true;
    case "enumeration":
      return shape.values[0] ?? "";
    case "list":
      return [sampleOf(shape.element)];
    case "map":
      return [{ STRUCTURE: { "map-entry": { key: "k", value: sampleOf(shape.value) } } }];
    case "nothing":
      return null;
    case "object": {
      const members = membersInCase(shape).map((name) => {
        const member = sampleOf((shape.members.get(name) as { shape: Shape }).shape);
        return [name, shape.apiRequired.has(name) ? member : { OPTIONAL: member }] as const;
      });
      return { STRUCTURE: { [structureNameOf(shape)]: Object.fromEntries(members) } };
    }
  }
};

/** Every place in a value of the shape: where it is, what shape it has, whether it is optional, and its name for people. */
interface Place {
  readonly path: Path;
  readonly shape: Shape;
  readonly isOptional: boolean;
  readonly name: string;
}

const placesIn = (shape: Shape, path: Path, name: string): readonly Place[] => {
  if (shape.kind === "list") {
    const element = { path: [...path, 0], shape: shape.element, name: `${name}[0]` };
    return [
      { ...element, isOptional: false },
      ...placesIn(shape.element, element.path, element.name),
    ];
  }
  if (shape.kind !== "object") return [];
  return membersInCase(shape).flatMap((member) => {
    const below = (shape.members.get(member) as { shape: Shape }).shape;
    const isOptional = !shape.apiRequired.has(member);
    const at = [...path, "STRUCTURE", structureNameOf(shape), member];
    const inner = isOptional ? [...at, "OPTIONAL"] : at;
    const called = name === "" ? member : `${name}.${member}`;
    return [
      { path: at, shape: below, isOptional, name: called },
      ...placesIn(below, inner, called),
    ];
  });
};

/** The value with another one at the path. */
const replacedAt = (value: DataValue, [step, ...rest]: Path, by: DataValue): DataValue => {
  if (step === undefined) return by;
  if (typeof step === "number" && Array.isArray(value))
    return (value as readonly DataValue[]).with(
      step,
      replacedAt(value[step] as DataValue, rest, by),
    );
  const tree = value as Tree;
  return { ...tree, [step]: replacedAt(tree[step] as DataValue, rest, by) };
};

const valueAt = (value: DataValue, path: Path): DataValue =>
  path.reduce<DataValue>((tree, step) => (tree as Tree)[step] as DataValue, value);

/** Spellings that no value of the shape has, beside the ones that the reader of plain values finds. */
const wrongSpellings = (right: DataValue, { shape, isOptional }: Place): readonly DataValue[] => {
  const bare = isOptional ? ((right as Tree)["OPTIONAL"] ?? null) : right;
  const wrap = (value: DataValue): DataValue => (isOptional ? { OPTIONAL: value } : value);
  const wrong: DataValue[] = [null, {}, { OPTIONAL: bare, STRUCTURE: {} }];
  wrong.push(isOptional ? bare : { OPTIONAL: bare });
  wrong.push({ OPTIONAL: { OPTIONAL: bare } });
  if (shape.kind !== "anything") wrong.push(wrap({ BINARY: "eA==" }));
  if (shape.kind === "string" && shape.format === "password") wrong.push(wrap("x"));
  if (shape.kind === "string" && shape.format === undefined) wrong.push(wrap({ SECRET: "x" }));
  if (shape.kind === "integer") wrong.push(wrap(2 ** 53), wrap(1.5), wrap("seven"));
  if (shape.kind === "object") {
    const members = ((bare as Tree)["STRUCTURE"] as Tree)[structureNameOf(shape)] as DataValue;
    wrong.push(wrap(members), wrap({ STRUCTURE: { "wrong.name": members } }));
    wrong.push(wrap({ ERROR: { [structureNameOf(shape)]: members } }));
    wrong.push(wrap({ STRUCTURE: { [structureNameOf(shape)]: members, other: {} } }));
  }
  // An optional value of any kind may be wrapped once more.
  return shape.kind === "anything" ? wrong.filter((value) => !isDoubled(value)) : wrong;
};

const isDoubled = (value: DataValue): boolean =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as Tree)["OPTIONAL"] === "object" &&
  Object.hasOwn((value as Tree)["OPTIONAL"] as Tree, "OPTIONAL");

/** The first argument of the refusal, which names the member. */
const refusal = (operation: RpcOperation, input: DataValue): string => {
  const raw = operation.decodeInput(input);
  const outcome = isFault(raw) ? raw : readInput(operation.operationId, raw, { strict: false });
  assert.ok(isFault(outcome), `it is taken: ${JSON.stringify(input)}`);
  assert.match(FAULTS[outcome.fault].class, /^(invalid_argument|unexpected_input)$/);
  return outcome.args[0] ?? "";
};

for (const operation of RPC_OPERATIONS) {
  const { operationId } = operation;
  const shape = rpcParametersOf(operationId);
  const full = sampleOf(shape);
  const places = placesIn(shape, [], "");

  test(`${operationId} by JSON-RPC takes its fullest input`, () => {
    const raw = operation.decodeInput(full);
    assert.ok(!isFault(raw), JSON.stringify(raw));
    const outcome = readInput(operationId, raw, { strict: true });
    assert.ok(!isFault(outcome), JSON.stringify(outcome));
  });

  test(`${operationId} by JSON-RPC refuses wrong wrappers, names and numbers anywhere, and says where`, () => {
    for (const place of places) {
      for (const wrong of wrongSpellings(valueAt(full, place.path), place)) {
        const said = refusal(operation, replacedAt(full, place.path, wrong));
        assert.ok(
          said.startsWith(place.name),
          `${said} at ${place.name}: ${JSON.stringify(wrong)}`,
        );
      }
    }
  });

  test(`${operationId} by JSON-RPC takes unset optional members as absent ones`, () => {
    for (const place of places.filter(({ isOptional }) => isOptional)) {
      const unset = operation.decodeInput(replacedAt(full, place.path, { OPTIONAL: null }));
      const isRefused = isFault(unset);
      // A union may need the member.
      if (isRefused) assert.equal(unset.fault, "request.invalid_member");
      else assert.equal(Object.hasOwn(unset, place.name), false);
    }
  });

  test(`${operationId} by JSON-RPC ignores unknown members that are unset, and refuses set ones by name`, () => {
    const path = ["STRUCTURE", "operation-input", "surprise"];
    const unset = operation.decodeInput(replacedAt(full, path, { OPTIONAL: null }));
    assert.deepEqual(unset, operation.decodeInput(full));
    for (const value of [1, null, { OPTIONAL: "x" }, { OPTIONAL: { OPTIONAL: null } }, []]) {
      assert.equal(refusal(operation, replacedAt(full, path, value)), "surprise");
    }
  });

  test(`${operationId} by JSON-RPC refuses the absence of what the API requires`, () => {
    const members = valueAt(full, ["STRUCTURE", "operation-input"]) as Tree;
    for (const name of shape.apiRequired) {
      const { [name]: _, ...rest } = members;
      assert.equal(refusal(operation, { STRUCTURE: { "operation-input": rest } }), name);
    }
    assert.equal(refusal(operation, { STRUCTURE: { "wrong-input": members } }), "the input");
  });
}
