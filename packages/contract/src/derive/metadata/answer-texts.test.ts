import assert from "node:assert/strict";
import { test } from "node:test";
import { AnswerTexts } from "./answer-texts.ts";
import type { Found } from "./metadata-operation.ts";

const ANSWERS = new Map([
  ["a", { found: ["of a"] }],
  ["b", { found: ["of b"] }],
]);

/** Texts of answers about `a` and `b`, and how often each was worked out. */
const counted = () => {
  const calls: string[] = [];
  const texts = new AnswerTexts<string>({
    answer: (operation, input): Found => {
      const id = input["id"] as string;
      calls.push(`${operation} ${id}`);
      return ANSWERS.get(id) ?? { missing: id };
    },
    spell: (operation, found) => `${operation}: ${JSON.stringify(found)}`,
  });
  return { calls, texts };
};

test("an answer is worked out and spelt once for each operation and what it is asked", () => {
  const { calls, texts } = counted();
  for (const _ of [1, 2]) {
    assert.deepEqual(texts.of("get", { id: "a" }), { outputText: 'get: ["of a"]' });
    assert.deepEqual(texts.of("get", { id: "b" }), { outputText: 'get: ["of b"]' });
    assert.deepEqual(texts.of("list", { id: "a" }), { outputText: 'list: ["of a"]' });
  }
  assert.equal(texts.of("get", { id: "a" }), texts.of("get", { id: "a" }));
  assert.deepEqual(calls, ["get a", "get b", "list a"]);
  assert.equal(texts.count, 3);
});

test("nothing is kept of what is not there, however often and by however many names it is asked for", () => {
  const { calls, texts } = counted();
  for (let number = 0; number < 100; number += 1)
    assert.deepEqual(texts.of("get", { id: `x${number}` }), { missing: `x${number}` });
  texts.of("get", { id: "x0" });
  assert.equal(calls.length, 101);
  assert.equal(texts.count, 0);
});
