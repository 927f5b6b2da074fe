import assert from "node:assert/strict";
import { test } from "node:test";
import { OPERATIONS } from "../operations/operations.ts";
import { FAULTS, isFault } from "../vocabulary/faults.ts";
import { OPERATION_IDS, type OperationId } from "../vocabulary/operation-ids.ts";
import { readInput } from "./read-input.ts";
import { parametersOf } from "./shape.ts";
import type { Shape } from "../vocabulary/shape.ts";

type Members = Readonly<Record<string, unknown>>;

/** The smallest value of a shape, or with every optional member. */
const sampleOf = (shape: Shape, full: boolean): unknown => {
  switch (shape.kind) {
    case "string":
    case "anything":
      return "x";
    case "integer":
      return 7;
    case "number":
      return 0.5;
    case "boolean":
      return true;
    case "enumeration":
      return shape.values[0];
    case "list":
      return full ? [sampleOf(shape.element, full)] : [];
    case "map":
      return {};
    case "nothing":
      return undefined;
    case "object": {
      const members = [...shape.members].filter(([, { required }]) => full || required);
      return Object.fromEntries(
        members.map(([name, member]) => [name, sampleOf(member.shape, full)]),
      );
    }
  }
};

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every way to put a value in the place of one member, however deep, with the path of the member. */
const replacements = (
  value: unknown,
  wrong: (shape: Shape) => readonly unknown[],
  shape: Shape,
  path = "",
): readonly (readonly [string, unknown])[] => {
  if (shape.kind === "list" && Array.isArray(value)) {
    return replacements(value[0], wrong, shape.element, `${path}[0]`).map(
      ([at, element]) => [at, [element]] as const,
    );
  }
  if (shape.kind !== "object" || !isMembers(value)) return [];
  return [...shape.members].flatMap(([name, member]) => {
    const below = path === "" ? name : `${path}.${name}`;
    const here = wrong(member.shape).map(
      (replacement) => [below, { ...value, [name]: replacement }] as const,
    );
    const deeper = replacements(value[name], wrong, member.shape, below);
    return [
      ...here,
      ...deeper.map(([at, replaced]) => [at, { ...value, [name]: replaced }] as const),
    ];
  });
};

/** Values of the wrong JSON type for a shape. */
const wrongValues = (shape: Shape): readonly unknown[] => {
  const all: Readonly<Record<string, unknown>> = {
    string: "wrong",
    number: 1.5,
    boolean: false,
    list: [1],
    object: { wrong: 1 },
  };
  const rightKinds: Readonly<Record<Shape["kind"], readonly string[]>> = {
    string: ["string"],
    integer: [],
    number: ["number"],
    boolean: ["boolean"],
    enumeration: [],
    list: [],
    map: ["object"],
    object: [],
    anything: Object.keys(all),
    nothing: [],
  };
  return Object.entries(all).flatMap(([kind, value]) =>
    rightKinds[shape.kind].includes(kind) ? [] : [value],
  );
};

const refusal = (id: OperationId, raw: unknown, about: string): string => {
  const outcome = readInput(id, raw as Members, { strict: false });
  assert.ok(isFault(outcome), `${id} takes ${about}: ${JSON.stringify(raw)}`);
  assert.equal(outcome.args.length > 0, true);
  assert.match(FAULTS[outcome.fault].class, /^(invalid_argument|unexpected_input)$/);
  return outcome.args[0] ?? "";
};

for (const id of OPERATION_IDS) {
  const shape = parametersOf(OPERATIONS[id].input);
  const full = sampleOf(shape, true);

  test(`${id} takes its smallest and its fullest input`, () => {
    for (const sample of [sampleOf(shape, false), full]) {
      const outcome = readInput(id, sample as Members, { strict: true });
      assert.ok(!isFault(outcome), JSON.stringify(outcome));
      assert.deepEqual(outcome.input, sample);
    }
  });

  test(`${id} refuses a wrong type anywhere, and says where`, () => {
    for (const [path, raw] of replacements(full, wrongValues, shape)) {
      assert.ok(refusal(id, raw, path).startsWith(path), path);
    }
  });

  test(`${id} refuses an unknown member, and says which`, () => {
    assert.equal(refusal(id, { ...(full as Members), surprise: 1 }, "surprise"), "surprise");
  });

  test(`${id} refuses the absence of what it needs, and says of what`, () => {
    for (const [name, { required }] of shape.members) {
      if (!required) continue;
      const { [name]: _, ...rest } = full as Members;
      assert.equal(refusal(id, rest, `no ${name}`), name);
      assert.equal(refusal(id, { ...rest, [name]: null }, `null as ${name}`), name);
    }
  });
}
