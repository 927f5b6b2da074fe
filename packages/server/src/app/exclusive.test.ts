import assert from "node:assert/strict";
import { test } from "node:test";
import { Exclusive } from "./exclusive.ts";

test("work on one key runs one after the other, in order, also past a failure", async () => {
  const exclusive = new Exclusive();
  const events: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = exclusive.run("a", async () => {
    events.push("first begins");
    await gate.promise;
    events.push("first ends");
    throw new Error("broken");
  });
  const second = exclusive.run("a", async () => events.push("second"));
  const other = exclusive.run("b", async () => events.push("other key"));
  await other;
  assert.deepEqual(events, ["first begins", "other key"]);
  gate.resolve();
  await assert.rejects(first, /broken/);
  await second;
  assert.deepEqual(events, ["first begins", "other key", "first ends", "second"]);
});
