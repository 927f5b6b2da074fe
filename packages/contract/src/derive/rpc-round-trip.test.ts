import assert from "node:assert/strict";
import { test } from "node:test";
import fc, { type Arbitrary } from "fast-check";
import { protocolError, PROTOCOL_ERRORS } from "../bindings/rpc/protocol-error.ts";
import {
  protocolErrorText,
  readRpcReply,
  rpcErrorText,
  rpcOutputText,
} from "../bindings/rpc/rpc-reply.ts";
import { readRpcRequest, type RpcSecurity, writeRpcRequest } from "../bindings/rpc/rpc-request.ts";
import { message } from "../models/message.ts";
import { OPERATIONS } from "../operations/operations.ts";
import { FAULT_CLASSES } from "../vocabulary/fault-class.ts";
import { isFault } from "../vocabulary/faults.ts";
import type { ObjectShape, Shape, UnionShape } from "../vocabulary/shape.ts";
import { readInput } from "./read-input.ts";
import {
  RPC_FAULTS,
  RPC_OPERATIONS,
  type RpcOperation,
  rpcParametersOf,
} from "./rpc-operations.ts";
import { shapeOf } from "./shape.ts";

type Members = Record<string, unknown>;

const NESTING_MAX = 5;

/** Names that mean something in the JSON of this wire, or in JavaScript. */
const WORDS = ["STRUCTURE", "OPTIONAL", "SECRET", "map-entry", "__proto__", "[]", '"', "\u20ac"];

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }).map((text) => text.toWellFormed()),
  fc.constantFrom(...WORDS),
);

const listsOf = (shape: Shape & { kind: "list" }, depth: number): Arbitrary<unknown> => {
  const element = valuesOf(shape.element, depth + 1);
  return shape.isSet
    ? fc.uniqueArray(element, { maxLength: 3, selector: (value) => JSON.stringify(value) })
    : fc.array(element, { maxLength: 3 });
};

/** Values of a shape that keep its unions. Structures that hold themselves end at a depth. */
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
      return listsOf(shape, depth);
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
        fc.dictionary(fc.constantFrom("a", "__proto__"), anyText, { noNullPrototype: true }),
      );
    case "nothing":
      return fc.constant(undefined);
    case "object":
      return membersOf(shape, depth);
  }
};

const membersNamedBy = ({ cases }: UnionShape): readonly string[] =>
  Object.values(cases).flatMap(({ required = [], allowed = [] }) => [...required, ...allowed]);

/** Leaves out what does not go with the tags, which is the reason why everything unions may require is made first. */
const keepingUnions = (shape: ObjectShape, members: Members): Members => {
  const kept = { ...members };
  for (const union of shape.unions) {
    const found = union.cases[String(kept[union.tag])];
    if (found === undefined) continue;
    const fitting = [...(found.required ?? []), ...(found.allowed ?? [])];
    for (const name of membersNamedBy(union)) if (!fitting.includes(name)) delete kept[name];
  }
  return kept;
};

const membersOf = (shape: ObjectShape, depth: number): Arbitrary<Members> => {
  const inUnions = new Set(shape.unions.flatMap(membersNamedBy));
  const isNeeded = (name: string): boolean =>
    shape.members.get(name)?.required === true || shape.apiRequired.has(name) || inUnions.has(name);
  const members = [...shape.members].filter(([name]) => isNeeded(name) || depth < NESTING_MAX);
  const model = Object.fromEntries(
    members.map(([name, member]) => [name, valuesOf(member.shape, depth + 1)]),
  );
  return fc
    .record(model, {
      requiredKeys: members.flatMap(([name]) => (isNeeded(name) ? [name] : [])),
      noNullPrototype: true,
    })
    .map((made) => keepingUnions(shape, made));
};

const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const ids = fc.oneof(fc.maxSafeInteger(), anyText);

/** Sends an input in a call and reads it back, with a server that forgives nothing. */
const received = (operation: RpcOperation, id: string | number, input: Members): unknown => {
  const { service, method } = operation;
  const security: RpcSecurity = { kind: "session", sessionId: "s" };
  const wrapped = operation.encodeInput(input);
  const body = writeRpcRequest({ id, service, method, input: wrapped, opId: "o", security });
  const call = readRpcRequest(overTheWire(body));
  assert.ok(!("code" in call), JSON.stringify(call));
  const { input: _, ...names } = call;
  assert.deepEqual(names, { id, serviceId: service, operationId: method, security, opId: "o" });
  const raw = operation.decodeInput(call.input);
  assert.ok(!isFault(raw), JSON.stringify(raw));
  const outcome = readInput(operation.operationId, raw, { strict: true });
  assert.ok(!isFault(outcome), JSON.stringify(outcome));
  return outcome.input;
};

for (const operation of RPC_OPERATIONS) {
  const { operationId } = operation;

  test(`${operationId} by JSON-RPC: every input arrives as it was sent`, () => {
    fc.assert(
      fc.property(ids, membersOf(rpcParametersOf(operationId), 0), (id, input) => {
        assert.deepEqual(received(operation, id, input), input);
      }),
      { numRuns: 50 },
    );
  });

  test(`${operationId} by JSON-RPC: every output arrives as it was sent`, () => {
    fc.assert(
      fc.property(ids, valuesOf(shapeOf(OPERATIONS[operationId].output)), (id, output) => {
        const text = rpcOutputText(id, operation.encodeOutput(output));
        const reply = readRpcReply(id, JSON.parse(text));
        assert.ok("output" in reply, JSON.stringify(reply));
        assert.deepEqual(operation.decodeOutput(reply.output), { output });
      }),
      { numRuns: 50 },
    );
  });
}

test("every error arrives as it was sent by JSON-RPC", () => {
  const messages = fc.array(valuesOf(shapeOf(message)), { minLength: 0, maxLength: 3 });
  fc.assert(
    fc.property(fc.constantFrom(...FAULT_CLASSES), messages, ids, (faultClass, sent, id) => {
      const stack = sent as Parameters<typeof RPC_FAULTS.encode>[1];
      const reply = readRpcReply(
        id,
        JSON.parse(rpcErrorText(id, RPC_FAULTS.encode(faultClass, stack, "c"))),
      );
      assert.ok("error" in reply, JSON.stringify(reply));
      assert.deepEqual(RPC_FAULTS.decode(reply.error), { class: faultClass, messages: sent });
    }),
    { numRuns: 100 },
  );
});

test("every error of the protocol arrives as it was sent", () => {
  const kinds = Object.keys(PROTOCOL_ERRORS) as (keyof typeof PROTOCOL_ERRORS)[];
  fc.assert(
    fc.property(fc.constantFrom(...kinds), ids, anyText, (kind, id, sentence) => {
      const sent = protocolError(kind, id, sentence);
      assert.equal(sent.id, kind === "parse" || kind === "request" ? null : id);
      const reply = readRpcReply("another", JSON.parse(protocolErrorText(sent)));
      assert.deepEqual(reply, { protocolError: sent });
    }),
  );
});
