import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { of, structure, text } from "../models/schema.ts";
import { shapeOf } from "./shape.ts";

test("a schema with a check is refused", () => {
  assert.throws(() => shapeOf(z.string().min(1)), /it has a check/);
  assert.throws(() => shapeOf(z.string().refine(() => true)), /it has a check/);
  assert.throws(() => shapeOf(z.object({ a: z.array(z.number().positive()) })), /it has a check/);
});

test("a schema that JSON Schema can not say is refused", () => {
  assert.throws(() => shapeOf(z.string().transform(Number)), /can not stand in the contract/);
  assert.throws(() => shapeOf(z.string().default("x")), /can not stand in the contract/);
  assert.throws(() => shapeOf(z.date()), /can not stand in the contract/);
  assert.throws(() => shapeOf(z.float32()), /float32/);
});

test("a structure keeps its name and its own sentence under the sentence of a member", () => {
  const unions = [{ tag: "a", cases: { x: {} } }];
  const notes = { canonical: "x.inner", required: ["a"], unions, ignored: ["b"] } as const;
  const inner = structure("Inner", "The inner one.", { a: text("A letter.") }, notes);
  const outer = shapeOf(z.object({ inner: of(inner, "Where it stands.") }));
  assert.equal(outer.kind, "object");
  const member = outer.kind === "object" ? outer.members.get("inner") : undefined;
  assert.equal(member?.sentence, "Where it stands.");
  assert.ok(member.shape.kind === "object");
  assert.equal(member.shape.name, "Inner");
  assert.equal(member.shape.about, "The inner one.");
  assert.deepEqual([...member.shape.ignored], ["b"]);
  assert.equal(member.shape.canonical, "x.inner");
  assert.deepEqual([...member.shape.apiRequired], ["a"]);
  assert.deepEqual(member.shape.unions, unions);
});

test("a schema is walked once", () => {
  const schema = z.object({ a: text("A letter.") });
  assert.equal(shapeOf(schema), shapeOf(schema));
});
