import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeMessage, encodeMessage } from "./messages.ts";
import { decodeReply, encodeFault, encodeReply } from "./replies.ts";

const MESSAGE = {
  id: "x",
  default_message: "x",
  args: [],
  params: { size: { i: 5 }, why: { l: { id: "y", params: { who: { s: "me" } } } } },
};

const PAIRS = {
  ...MESSAGE,
  params: [
    { key: "size", value: { i: 5 } },
    { key: "why", value: { l: { id: "y", params: [{ key: "who", value: { s: "me" } }] } } },
  ],
};

test("named arguments are a list of pairs on /rest and an object on /api, nested ones too [C29]", () => {
  assert.deepEqual(encodeMessage("rest", MESSAGE), PAIRS);
  assert.deepEqual(encodeMessage("api", MESSAGE), MESSAGE);
});

test("either spelling of named arguments is read [C29]", () => {
  assert.deepEqual(decodeMessage(PAIRS), MESSAGE);
  assert.deepEqual(decodeMessage(MESSAGE), MESSAGE);
});

test("pairs that are no pairs are left out", () => {
  const params = [{ key: "a", value: { s: "x" } }, { key: 5 }, "text", null];
  assert.deepEqual(decodeMessage({ ...MESSAGE, params }), {
    ...MESSAGE,
    params: { a: { s: "x" } },
  });
});

test("a message without named arguments is left alone", () => {
  const { params: _, ...plain } = MESSAGE;
  assert.equal(encodeMessage("rest", plain), plain);
});

test("named arguments are spelt for the wire in errors [C29]", () => {
  const { body, status } = encodeFault("rest", "not_found", [MESSAGE]);
  assert.deepEqual(body["value"], { error_type: "NOT_FOUND", messages: [PAIRS] });
  assert.deepEqual(decodeReply("rest", "item.get", status, body), {
    fault: { class: "not_found", messages: [MESSAGE] },
  });
});

test("named arguments are spelt for the wire wherever a result holds a message [C29]", () => {
  const session = {
    state: "ERROR",
    error_message: MESSAGE,
    preview_info: { warnings: [{ message: MESSAGE }] },
  };
  const spelt = {
    state: "ERROR",
    error_message: PAIRS,
    preview_info: { warnings: [{ message: PAIRS }] },
  };
  assert.deepEqual(encodeReply("rest", "updateSession.get", session).body, { value: spelt });
  assert.deepEqual(encodeReply("api", "updateSession.get", session).body, session);
  const files = [{ name: "a" }, { name: "b", error_message: MESSAGE }];
  assert.deepEqual(encodeReply("rest", "updateSessionFile.list", files).body, {
    value: [{ name: "a" }, { name: "b", error_message: PAIRS }],
  });
});

test("a result without messages is handed on as it is", () => {
  const session = { state: "DONE" };
  const { body } = encodeReply("rest", "updateSession.get", session);
  assert.ok(typeof body === "object" && body !== null && "value" in body);
  assert.equal(body.value, session);
});
