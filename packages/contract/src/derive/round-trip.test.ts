import assert from "node:assert/strict";
import { test } from "node:test";
import fc, { type Arbitrary } from "fast-check";
import { WIRES, type Wire } from "../bindings/binding.ts";
import { operationIdsOn } from "../bindings/binding-of.ts";
import { BINDINGS } from "../bindings/bindings.ts";
import { decodeInput } from "../bindings/decode-input.ts";
import { encodeRequest } from "../bindings/encode-request.ts";
import { matchRoute } from "../bindings/match-route.ts";
import { decodeReply, encodeFault, encodeReply } from "../bindings/replies.ts";
import { message } from "../models/message.ts";
import { OPERATIONS } from "../operations/operations.ts";
import { FAULT_CLASSES } from "../vocabulary/fault-class.ts";
import { isFault } from "../vocabulary/faults.ts";
import type { OperationId } from "../vocabulary/operation-ids.ts";
import { readInput } from "./read-input.ts";
import { parametersOf, shapeOf } from "./shape.ts";
import type { ObjectShape, Shape } from "../vocabulary/shape.ts";

const NESTING_MAX = 5;

/** Characters that mean something in addresses and in JSON, or that clients get wrong. */
const TRICKY = [..."/%?#&=+:;.~ \"\\'<>{}\0\n\u00e4\u20ac\u{1f4bf}", "%2F", "id:", "a", "0"];

/** Text of whole characters: half a surrogate pair can not be sent. */
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }).map((text) => text.toWellFormed()),
  fc.string({ unit: fc.constantFrom(...TRICKY), maxLength: 6 }),
);

/** Values of a shape. Structures that hold themselves end at a depth, where optional members are left out. */
const valuesOf = (shape: Shape, depth = 0): Arbitrary<unknown> => {
  switch (shape.kind) {
    case "string":
      return anyText;
    case "integer":
      return fc.maxSafeInteger();
    case "number":
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    case "boolean":
      return fc.boolean();
    case "enumeration":
      return fc.constantFrom(...shape.values);
    case "list":
      return fc.array(valuesOf(shape.element, depth + 1), { maxLength: 3 });
    case "map":
      return fc.dictionary(anyText, valuesOf(shape.value, depth + 1), {
        maxKeys: 3,
        noNullPrototype: true,
      });
    case "anything":
      return fc.oneof(
        anyText,
        fc.maxSafeInteger(),
        fc.boolean(),
        fc.dictionary(fc.constantFrom("a", "b"), anyText, { noNullPrototype: true }),
      );
    case "nothing":
      return fc.constant(undefined);
    case "object":
      return membersOf(shape, depth);
  }
};

const membersOf = (shape: ObjectShape, depth: number): Arbitrary<Record<string, unknown>> => {
  const members = [...shape.members].filter(([, { required }]) => required || depth < NESTING_MAX);
  const requiredKeys = members.flatMap(([name, { required }]) => (required ? [name] : []));
  const model = Object.fromEntries(
    members.map(([name, member]) => [name, valuesOf(member.shape, depth + 1)]),
  );
  return fc.record(model, { requiredKeys, noNullPrototype: true });
};

/** Ids and names that can be part of an address; no id of ours begins with the prefix of the older wire. */
const addressable = anyText.filter(
  (text) => !["", ".", ".."].includes(text) && !text.startsWith("id:"),
);

/** Names that stand in a path on one wire and in a body or a query on another. */
const ADDRESSED = ["library_item_id", "library_id", "update_session_id", "file_name", "name"];

/** Inputs of an operation whose ids and names can be part of an address. */
const inputsOf = (id: OperationId): Arbitrary<Record<string, unknown>> => {
  const shape = parametersOf(OPERATIONS[id].input);
  const paths = WIRES.map((wire) => BINDINGS[wire][id]?.path ?? "").join("/");
  const names = [...shape.members].flatMap(([name, member]) =>
    member.shape.kind === "string" && (paths.includes(`{${name}}`) || ADDRESSED.includes(name))
      ? [name]
      : [],
  );
  const overrides = fc.record(Object.fromEntries(names.map((name) => [name, addressable])), {
    noNullPrototype: true,
  });
  return fc.tuple(membersOf(shape, 0), overrides).map(([input, override]) => {
    const present = Object.entries(override).filter(([name]) => Object.hasOwn(input, name));
    return { ...input, ...Object.fromEntries(present) };
  });
};

const overTheWire = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));

/** Sends an input through a wire and reads it back, with a server that forgives nothing. */
const received = (wire: Wire, id: OperationId, input: object): unknown => {
  const { method, path, query, body } = encodeRequest(wire, id, input);
  const match = matchRoute(wire, method, path, query, { strict: true });
  assert.ok(match.kind === "match", JSON.stringify(match));
  assert.equal(match.operationId, id);
  assert.deepEqual(match.tolerances, []);
  const raw = decodeInput(match, {
    body: match.readsBody ? overTheWire(body) : undefined,
    strict: true,
  });
  assert.ok("input" in raw, JSON.stringify(raw));
  const outcome = readInput(id, raw.input, { strict: true });
  assert.ok(!isFault(outcome), JSON.stringify(outcome));
  return outcome.input;
};

/** `fail` without its message is one of the things a strict server refuses. */
const withMessage = (input: Record<string, unknown>, id: OperationId) =>
  id.endsWith(".fail") ? { client_error_message: "", ...input } : input;

for (const wire of WIRES) {
  for (const id of operationIdsOn(wire)) {
    test(`${id} on /${wire}: every input arrives as it was sent`, () => {
      fc.assert(
        fc.property(inputsOf(id), (input) => {
          const sent = withMessage(input, id);
          assert.deepEqual(received(wire, id, sent), sent);
        }),
        { numRuns: 50 },
      );
    });

    test(`${id} on /${wire}: every output arrives as it was sent`, () => {
      fc.assert(
        fc.property(valuesOf(shapeOf(OPERATIONS[id].output)), (output) => {
          const { status, body } = encodeReply(wire, id, output);
          assert.deepEqual(decodeReply(wire, id, status, overTheWire(body)), { output });
        }),
        { numRuns: 50 },
      );
    });
  }
}

for (const wire of WIRES) {
  test(`every error arrives as it was sent on /${wire}`, () => {
    const messages = fc.array(valuesOf(shapeOf(message)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...FAULT_CLASSES), messages, (faultClass, sent) => {
        const { status, body } = encodeFault(
          wire,
          faultClass,
          sent as Parameters<typeof encodeFault>[2],
        );
        const reply = decodeReply(wire, "item.get", status, overTheWire(body));
        assert.deepEqual(reply, { fault: { class: faultClass, messages: sent } });
      }),
      { numRuns: 50 },
    );
  });
}
