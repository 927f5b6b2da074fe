import assert from "node:assert/strict";
import { test } from "node:test";
import { protocolError } from "./protocol-error.ts";
import {
  protocolErrorText,
  readRpcReply,
  rpcErrorText,
  rpcOutputFrame,
  rpcOutputText,
} from "./rpc-reply.ts";

test("answers are written to the letter", () => {
  assert.equal(rpcOutputText("7", null), '{"jsonrpc":"2.0","id":"7","result":{"output":null}}');
  assert.equal(rpcOutputText(7, ["a"]), '{"jsonrpc":"2.0","id":7,"result":{"output":["a"]}}');
  const { before, after } = rpcOutputFrame('"');
  assert.equal(`${before}["a"]${after}`, rpcOutputText('"', ["a"]));
  assert.equal(
    rpcErrorText('"', { ERROR: {} }),
    '{"jsonrpc":"2.0","id":"\\"","result":{"error":{"ERROR":{}}}}',
  );
  assert.equal(
    protocolErrorText(protocolError("parse", "7", "it is not JSON")),
    '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error: it is not JSON.","data":null}}',
  );
});

test("what no server of this API would answer is malformed, as the strictest client has it", () => {
  const right = { jsonrpc: "2.0", id: "7", result: { output: 1 } };
  assert.deepEqual(readRpcReply("7", right), { output: 1 });
  assert.deepEqual(readRpcReply("7", { ...right, more: 1 }), { output: 1 });
  assert.deepEqual(readRpcReply("7", { ...right, result: {} }), { output: null });
  for (const wrong of [
    null,
    [],
    { ...right, jsonrpc: undefined },
    { ...right, id: 7 },
    { ...right, id: undefined },
    { ...right, result: null },
    { ...right, result: { output: 1, error: null } },
    { ...right, result: { value: 1 } },
    { jsonrpc: "2.0", id: "7", error: null },
    { jsonrpc: "2.0", id: "7", error: { code: "x" } },
  ]) {
    assert.ok("malformed" in readRpcReply("7", wrong), JSON.stringify(wrong));
  }
});
