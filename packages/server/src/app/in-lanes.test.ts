import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { inLanes } from "./in-lanes.ts";

test("all is done, in order, and never more at once than there are lanes", async () => {
  const begun: number[] = [];
  let atOnce = 0;
  let most = 0;
  await inLanes([1, 2, 3, 4, 5, 6, 7], 3, async (thing) => {
    begun.push(thing);
    most = Math.max(most, ++atOnce);
    await nextTurn();
    atOnce -= 1;
  });
  assert.deepEqual(begun, [1, 2, 3, 4, 5, 6, 7]);
  assert.equal(most, 3);
  assert.equal(atOnce, 0);
});

test("nothing, and less than there are lanes, is done too", async () => {
  const done: number[] = [];
  await inLanes([], 3, async (thing: number) => void done.push(thing));
  await inLanes(new Set([1]), 3, async (thing) => void done.push(thing));
  assert.deepEqual(done, [1]);
});

test("after a failure nothing is begun, and what was begun is waited for", async () => {
  const told: string[] = [];
  const held = Promise.withResolvers<void>();
  const running = inLanes(["held", "failing", "never"], 2, async (thing) => {
    told.push(`${thing} begun`);
    if (thing === "failing") throw new Error("It failed.");
    await held.promise;
    told.push(`${thing} done`);
  });
  const caught = running.catch((error: unknown) => told.push(String(error)));
  await nextTurn();
  assert.deepEqual(told, ["held begun", "failing begun"]);
  held.resolve();
  await caught;
  assert.deepEqual(told.slice(2), ["held done", "Error: It failed."]);
});
