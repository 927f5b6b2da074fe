import assert from "node:assert/strict";
import { test } from "node:test";
import { bindingOf } from "../bindings/binding-of.ts";
import { parametersOf, shapeOf } from "../derive/shape.ts";
import type { ObjectShape, Shape } from "../vocabulary/shape.ts";
import { FAULTS } from "../vocabulary/faults.ts";
import { IMPLICIT_FAULT_CLASSES } from "../vocabulary/fault-class.ts";
import { OPERATION_IDS } from "../vocabulary/operation-ids.ts";
import type { Operation } from "./operation.ts";
import { OPERATIONS } from "./operations.ts";

const SENTENCE = /^[A-Z0-9].*\.$/;

/** Every structure below a shape, each once. */
const structuresBelow = (shape: Shape, met: Set<ObjectShape> = new Set()): Set<ObjectShape> => {
  if (shape.kind === "list") return structuresBelow(shape.element, met);
  if (shape.kind === "map") return structuresBelow(shape.value, met);
  if (shape.kind !== "object" || met.has(shape)) return met;
  met.add(shape);
  for (const { shape: member } of shape.members.values()) structuresBelow(member, met);
  return met;
};

const everyStructure = (): readonly ObjectShape[] =>
  OPERATION_IDS.flatMap((id) => [
    ...structuresBelow(parametersOf(OPERATIONS[id].input)),
    ...structuresBelow(shapeOf(OPERATIONS[id].output)),
  ]);

test("each operation stands under its own id and belongs to a service", () => {
  assert.deepEqual(Object.keys(OPERATIONS), [...OPERATION_IDS]);
  for (const id of OPERATION_IDS) {
    assert.equal(OPERATIONS[id].id, id);
    const operation: Operation = OPERATIONS[id];
    const services =
      operation.origin === "ours" ? /^contentlib\./ : /^com\.vmware\.(cis|content)\./;
    assert.match(operation.service, services);
    assert.match(OPERATIONS[id].summary, SENTENCE);
  }
});

test("every schema is data that JSON Schema can say", () => {
  for (const id of OPERATION_IDS) {
    assert.doesNotThrow(() => parametersOf(OPERATIONS[id].input), id);
    assert.doesNotThrow(() => shapeOf(OPERATIONS[id].output), id);
  }
});

test("every member has a sentence", () => {
  for (const structure of everyStructure()) {
    for (const [name, { sentence }] of structure.members) {
      assert.match(sentence, SENTENCE, `${structure.name}.${name}`);
    }
  }
});

test("every structure has a name and a sentence, and never ignores a member it uses", () => {
  const parameters = new Set<ObjectShape>(
    OPERATION_IDS.map((id) => parametersOf(OPERATIONS[id].input)),
  );
  for (const structure of everyStructure()) {
    if (parameters.has(structure)) continue;
    assert.match(structure.name, /^[A-Z][A-Za-z]+$/);
    assert.match(structure.about, SENTENCE, structure.name);
    for (const name of structure.ignored)
      assert.ok(!structure.members.has(name), `${structure.name}.${name}`);
    for (const name of structure.compared)
      assert.ok(structure.members.has(name), `${structure.name}.${name}`);
  }
});

test("one name means one structure", () => {
  const membersByName = new Map<string, string>();
  for (const { name, members } of everyStructure()) {
    if (name === "") continue;
    const described = [...members].map(
      ([member, { required, sentence }]) => `${member} ${String(required)} ${sentence}`,
    );
    assert.equal(membersByName.get(name) ?? described.join("\n"), described.join("\n"), name);
    membersByName.set(name, described.join("\n"));
  }
});

test("what an operation does to the world agrees with its verb", () => {
  for (const id of OPERATION_IDS) {
    const { verb } = bindingOf("api", id);
    const { effect } = OPERATIONS[id];
    if (verb === "GET") assert.equal(effect, "safe", id);
    if (verb === "PATCH" || verb === "DELETE") assert.equal(effect, "idempotent", id);
    if (effect === "once") assert.equal(verb, "POST", id);
  }
});

test("no operation declares a class that every operation has", () => {
  const implicit: readonly string[] = IMPLICIT_FAULT_CLASSES;
  for (const id of OPERATION_IDS) {
    for (const faultClass of OPERATIONS[id].faults)
      assert.ok(!implicit.includes(faultClass), `${id} ${faultClass}`);
  }
});

test("the text of every fault numbers its arguments from zero without a gap", () => {
  for (const [code, { text }] of Object.entries(FAULTS)) {
    const holes = new Set([...text.matchAll(/\{(\d+)\}/g)].map(([, index]) => Number(index)));
    for (let index = 0; index < holes.size; index += 1)
      assert.ok(holes.has(index), `${code} {${String(index)}}`);
  }
});
