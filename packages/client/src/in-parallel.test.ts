import assert from "node:assert/strict";
import { test } from "node:test";
import { inParallel } from "./in-parallel.ts";

test("so many are at work at a time, and results stand in the order of the things", async () => {
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const begun: number[] = [];
  const running = inParallel([0, 1, 2, 3], 2, async (thing) => {
    begun.push(thing);
    await gates[thing]?.promise;
    return thing * 10;
  });
  assert.deepEqual(begun, [0, 1]);
  gates[1]?.resolve();
  await new Promise(setImmediate);
  assert.deepEqual(begun, [0, 1, 2]);
  for (const gate of gates) gate.resolve();
  assert.deepEqual(await running, [0, 10, 20, 30]);
});

test("the first failure stops the others, begins nothing more, and is what is thrown once all have ended", async () => {
  const begun: number[] = [];
  let ended = 0;
  const running = inParallel([0, 1, 2], 2, async (thing, signal) => {
    begun.push(thing);
    if (thing === 0) throw new Error("the first");
    await new Promise<void>((resolve) =>
      signal.aborted ? resolve() : signal.addEventListener("abort", () => resolve()),
    );
    ended += 1;
    throw new Error("only because of the first");
  });
  await assert.rejects(running, /the first$/);
  assert.deepEqual([begun, ended], [[0, 1], 1]);
});

test("nothing to do is done at once", async () => {
  assert.deepEqual(
    await inParallel([], 4, async () => await Promise.reject(new Error("never"))),
    [],
  );
});
