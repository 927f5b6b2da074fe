import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { errorNameOf } from "../bindings/rpc/rpc-fault.ts";
import { readRpcReply, rpcErrorText, rpcOutputText } from "../bindings/rpc/rpc-reply.ts";
import { readRpcRequest } from "../bindings/rpc/rpc-request.ts";
import { FAULTS, faultOf, isFault, messageOf, type FaultCode } from "../vocabulary/faults.ts";
import type { OperationId } from "../vocabulary/operation-ids.ts";
import { readInput } from "./read-input.ts";
import { findRpcOperation, RPC_FAULTS, type RpcOperation } from "./rpc-operations.ts";

interface Fixture {
  readonly about: string;
  readonly operation: OperationId;
  readonly input: object;
  readonly output?: unknown;
  readonly fault?: {
    readonly code: FaultCode;
    readonly args: readonly string[];
    readonly challenge?: string;
  };
  readonly rpc: {
    readonly request: {
      readonly method: string;
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: unknown;
    };
    readonly response: {
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: unknown;
    };
  };
}

const folder = resolve(import.meta.dirname, "../../fixtures");

const fixtures = readdirSync(folder).flatMap(
  (file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Fixture[],
);

/** The text a server answers to the fixture's result or fault. */
const answerTo = (id: string | number, operation: RpcOperation, fixture: Fixture): string => {
  const { output, fault } = fixture;
  if (fault === undefined) return rpcOutputText(id, operation.encodeOutput(output));
  const messages = [messageOf(faultOf(fault.code, ...fault.args))];
  const error = RPC_FAULTS.encode(FAULTS[fault.code].class, messages, fault.challenge);
  return rpcErrorText(id, error);
};

for (const fixture of fixtures) {
  const { about, operation: operationId, input, output, fault, rpc } = fixture;
  const { request, response } = rpc;

  test(`${operationId} by JSON-RPC: ${about}`, () => {
    const call = readRpcRequest(request.body);
    assert.ok(!("code" in call), JSON.stringify(call));
    const operation = findRpcOperation(call.serviceId, call.operationId);
    assert.equal(operation?.operationId, operationId);
    const raw = operation.decodeInput(call.input);
    assert.ok(!isFault(raw), JSON.stringify(raw));
    // The requests hold every member there is, as clients send them; unset ones are as good as absent.
    assert.deepEqual(readInput(operationId, raw, { strict: true }), { input, ignored: [] });
    assert.deepEqual(JSON.parse(answerTo(call.id, operation, fixture)), response.body);
    assert.deepEqual(
      [request.method, request.path, response.status, response.headers["content-type"]],
      ["POST", "/api", 200, "application/json"],
    );
    assert.deepEqual(
      [request.headers["vapi-service"], request.headers["vapi-operation"]],
      [call.serviceId, call.operationId],
    );
    const errorName = fault === undefined ? undefined : errorNameOf(FAULTS[fault.code].class);
    assert.equal(response.headers["vapi-error"], errorName);
  });

  test(`${operationId} by JSON-RPC, from the client: ${about}`, () => {
    const call = readRpcRequest(request.body);
    assert.ok(!("code" in call), JSON.stringify(call));
    const reply = readRpcReply(call.id, response.body);
    if (fault === undefined) {
      assert.ok("output" in reply, JSON.stringify(reply));
      const operation = findRpcOperation(call.serviceId, call.operationId);
      assert.deepEqual(operation?.decodeOutput(reply.output), { output });
      return;
    }
    assert.ok("error" in reply, JSON.stringify(reply));
    assert.deepEqual(RPC_FAULTS.decode(reply.error), {
      class: FAULTS[fault.code].class,
      messages: [messageOf(faultOf(fault.code, ...fault.args))],
    });
  });
}
