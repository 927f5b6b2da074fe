import assert from "node:assert/strict";
import { test } from "node:test";
import type { ObjectShape, Shape } from "../../vocabulary/shape.ts";
import { EncoderCompiler } from "./encoder.ts";

const member = (shape: Shape) => ({ shape, required: true, sentence: "" });

const shape: ObjectShape = {
  kind: "object",
  name: "Session",
  canonical: "a.session",
  apiRequired: new Set(["name"]),
  unions: [{ tag: "state", cases: { ACTIVE: { allowed: ["preview"] }, DONE: {} } }],
  about: "",
  members: new Map([
    ["name", member({ kind: "string" })],
    ["state", member({ kind: "enumeration", values: ["ACTIVE", "DONE"] })],
    ["preview", member({ kind: "list", element: { kind: "string" }, isSet: false })],
    ["password", member({ kind: "string", format: "password" })],
    ["rules", member({ kind: "map", value: { kind: "boolean" } })],
  ]),
  ignored: new Set(),
  compared: new Set(),
};

const encode = new EncoderCompiler().encoderOf(shape);

test("only what the API requires stands bare, what is unset is left out, and the rest is OPTIONAL", () => {
  assert.deepEqual(encode({ name: "x" }), { STRUCTURE: { "a.session": { name: "x" } } });
  assert.deepEqual(
    encode({ name: "x", state: "ACTIVE", preview: [], password: "s", rules: { r: true } }),
    {
      STRUCTURE: {
        "a.session": {
          name: "x",
          state: { OPTIONAL: "ACTIVE" },
          preview: { OPTIONAL: [] },
          password: { OPTIONAL: { SECRET: "s" } },
          rules: { OPTIONAL: [{ STRUCTURE: { "map-entry": { key: "r", value: true } } }] },
        },
      },
    },
  );
});

test("a result that breaks the contract is a bug, and never leaves the house", () => {
  assert.throws(() => encode({}), /a\.session\.name is required/);
  assert.throws(() => encode(undefined), /a structure a\.session is expected/i);
  assert.throws(() => encode({ name: "x", preview: 5 }), /a list is expected/i);
  assert.throws(() => encode({ name: "x", rules: [] }), /a map is expected/i);
  assert.throws(
    () => encode({ name: "x", state: "DONE", preview: [] }),
    /a\.session\.preview breaks a union: it does not go with the state DONE/,
  );
});
