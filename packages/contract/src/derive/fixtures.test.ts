import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { WIRES, type Wire } from "../bindings/binding.ts";
import { decodeInput } from "../bindings/decode-input.ts";
import { encodeRequest } from "../bindings/encode-request.ts";
import { matchRoute } from "../bindings/match-route.ts";
import { decodeReply, encodeFault, encodeReply } from "../bindings/replies.ts";
import { OPERATIONS } from "../operations/operations.ts";
import { FAULTS, faultOf, isFault, messageOf, type FaultCode } from "../vocabulary/faults.ts";
import { OPERATION_IDS, type OperationId } from "../vocabulary/operation-ids.ts";
import { readInput } from "./read-input.ts";

interface Exchange {
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly query: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
}

interface Fixture extends Readonly<Record<Wire, Exchange>> {
  readonly about: string;
  readonly operation: OperationId;
  readonly input: object;
  readonly output?: unknown;
  readonly fault?: {
    readonly code: FaultCode;
    readonly args: readonly string[];
    readonly challenge?: string;
  };
}

const folder = resolve(import.meta.dirname, "../../fixtures");

const fixtures = readdirSync(folder).flatMap(
  (file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Fixture[],
);

/** What a server answers to the fixture's result or fault. */
const answerTo = (wire: Wire, { operation, output, fault }: Fixture) => {
  if (fault === undefined) return encodeReply(wire, operation, output);
  const challenge = fault.challenge === undefined ? {} : { challenge: fault.challenge };
  return encodeFault(
    wire,
    FAULTS[fault.code].class,
    [messageOf(faultOf(fault.code, ...fault.args))],
    challenge,
  );
};

for (const fixture of fixtures) {
  const { about, operation, input, output, fault } = fixture;
  for (const wire of WIRES) {
    const { request, response } = fixture[wire];

    test(`${operation} on /${wire}: ${about}`, () => {
      const match = matchRoute(wire, request.method, request.path, request.query, { strict: true });
      assert.ok(match.kind === "match", JSON.stringify(match));
      assert.equal(match.operationId, operation);
      const raw = decodeInput(match, { body: request.body, strict: true });
      assert.ok("input" in raw, JSON.stringify(raw));
      const read = readInput(operation, raw.input, { strict: true });
      assert.ok(!isFault(read), JSON.stringify(read));
      assert.deepEqual(read, { input, ignored: [] });
      const answer = answerTo(wire, fixture);
      assert.equal(answer.status, response.status);
      assert.deepEqual(answer.body, response.body);
    });

    test(`${operation} on /${wire}, from the client: ${about}`, () => {
      const { headers: _, ...sent } = request;
      assert.deepEqual(encodeRequest(wire, operation, input), sent);
      const reply = decodeReply(wire, operation, response.status, response.body);
      if (fault === undefined) {
        assert.deepEqual(reply, { output });
        return;
      }
      const messages = [messageOf(faultOf(fault.code, ...fault.args))];
      assert.deepEqual(reply, { fault: { class: FAULTS[fault.code].class, messages } });
    });
  }

  test(`${operation}: the result fits its schema: ${about}`, () => {
    if (fault === undefined) assert.deepEqual(OPERATIONS[operation].output.parse(output), output);
    else assert.equal(output, undefined);
  });
}

test("there is an exchange for every login and session operation", () => {
  const shown = new Set<string>(fixtures.map(({ operation }) => operation));
  const expected = OPERATION_IDS.filter((id) => /^(login|updateSession|downloadSession)/.test(id));
  assert.deepEqual(
    expected.filter((id) => !shown.has(id)),
    [],
  );
});
