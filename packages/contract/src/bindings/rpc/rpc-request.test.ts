import assert from "node:assert/strict";
import { test } from "node:test";
import { readRpcRequest } from "./rpc-request.ts";

type Members = Readonly<Record<string, unknown>>;

const INPUT = { STRUCTURE: { "operation-input": {} } };
const PARAMS: Members = { serviceId: "a.service", operationId: "get", input: INPUT, ctx: {} };

const call = (changes: Members = {}): Members => ({
  jsonrpc: "2.0",
  method: "invoke",
  id: "7",
  params: PARAMS,
  ...changes,
});
const withParams = (changes: Members): Members => call({ params: { ...PARAMS, ...changes } });
const withContext = (context: Members): Members => withParams({ ctx: context });
const without = (name: string): Members => {
  const { [name]: _, ...rest } = PARAMS;
  return call({ params: rest });
};

const refusal = (body: unknown): readonly [number, unknown] => {
  const read = readRpcRequest(body);
  assert.ok("code" in read, JSON.stringify(body));
  return [read.code, read.id];
};

test("a call is read with the type of its id, and without whatever nobody knows", () => {
  const expected = {
    serviceId: "a.service",
    operationId: "get",
    input: INPUT,
    security: { kind: "anonymous" },
    opId: null,
  };
  for (const id of ["", "7", 7, 0, -1, Number.MAX_SAFE_INTEGER])
    assert.deepEqual(readRpcRequest(call({ id, more: 1 })), { id, ...expected });
  const told = withContext({
    appCtx: { opId: "mine", $task: null, other: "x" },
    securityCtx: null,
    more: {},
  });
  assert.deepEqual(readRpcRequest(told), { id: "7", ...expected, opId: "mine" });
  const nameless = withContext({ appCtx: { opId: 5 } });
  assert.deepEqual(readRpcRequest(nameless), { id: "7", ...expected });
});

test("what is no call at all is -32600 and never repeats the id", () => {
  const { id: _, ...notification } = call();
  for (const body of [
    null,
    5,
    "text",
    [],
    [call()],
    {},
    notification,
    call({ jsonrpc: "1.0" }),
    call({ jsonrpc: 2 }),
    call({ id: null }),
    call({ id: 1.5 }),
    call({ id: 2 ** 53 }),
    call({ id: {} }),
    call({ id: true }),
    call({ method: 5 }),
    without("input"),
    without("ctx"),
  ]) {
    assert.deepEqual(refusal(body), [-32600, null]);
  }
});

test("another method is -32601, and what the parameters lack -32602, with the id as it came", () => {
  assert.deepEqual(refusal(call({ method: "Invoke", id: 7 })), [-32601, 7]);
  assert.deepEqual(refusal(call({ method: "", params: [] })), [-32601, "7"]);
  for (const body of [
    call({ params: undefined }),
    call({ params: [] }),
    call({ params: null }),
    without("serviceId"),
    without("operationId"),
    withParams({ serviceId: 5 }),
    withParams({ operationId: null }),
    withParams({ input: null }),
    withParams({ input: {} }),
    withParams({ input: { STRUCTURE: { a: {}, b: {} } } }),
    withParams({ input: { "operation-input": {} } }),
    withParams({ ctx: null }),
    withParams({ ctx: [] }),
    withContext({ appCtx: [] }),
    withContext({ appCtx: "x" }),
    withContext({ securityCtx: [] }),
    withContext({ securityCtx: {} }),
    withContext({ securityCtx: { schemeId: 5 } }),
    withContext({ securityCtx: { schemeId: "com.vmware.vapi.std.security.session_id" } }),
    withContext({
      securityCtx: { schemeId: "com.vmware.vapi.std.security.user_pass", userName: "x" },
    }),
  ]) {
    assert.deepEqual(refusal(body), [-32602, "7"], JSON.stringify(body));
  }
});

test("every scheme of a security context is told from the others", () => {
  const STD = "com.vmware.vapi.std.security";
  const securityOf = (securityCtx: Members) => {
    const read = readRpcRequest(withContext({ securityCtx }));
    assert.ok(!("code" in read));
    return read.security;
  };
  assert.deepEqual(securityOf({ schemeId: `${STD}.no_authentication` }), { kind: "anonymous" });
  assert.deepEqual(securityOf({ schemeId: `${STD}.session_id`, sessionId: "s" }), {
    kind: "session",
    sessionId: "s",
  });
  assert.deepEqual(
    securityOf({ schemeId: `${STD}.user_pass`, userName: "u", password: "p", more: 1 }),
    { kind: "password", userName: "u", password: "p" },
  );
  for (const scheme of ["saml_bearer_token", "saml_hok_token", "oauth"]) {
    const schemeId = `${STD}.${scheme}`;
    assert.deepEqual(securityOf({ schemeId, token: "t" }), { kind: "unknown", schemeId });
  }
});

test("no refusal repeats what a security context holds", () => {
  const read = readRpcRequest(
    withContext({
      securityCtx: { schemeId: "com.vmware.vapi.std.security.user_pass", password: "hunter2" },
    }),
  );
  assert.doesNotMatch(JSON.stringify(read), /hunter2/);
});
