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

test("of work that only few may ask for at a time, what is more is refused, and others do not wait for it", async () => {
  const exclusive = new Exclusive();
  const gate = Promise.withResolvers<void>();
  const few = { name: "f", most: 2, refuse: () => new Error("too many") };
  const asked = [1, 2].map(() => exclusive.runFew("a", few, () => gate.promise));
  await assert.rejects(
    exclusive.runFew("a", few, () => gate.promise),
    /too many/,
  );
  const other = exclusive.runFew("a", { ...few, name: "g" }, () => Promise.resolve("other"));
  gate.resolve();
  await Promise.all(asked);
  assert.equal(await other, "other");
  await assert.rejects(
    exclusive.runFew("a", few, () => Promise.reject(new Error("broken"))),
    /broken/,
  );
  assert.equal(await exclusive.runFew("a", { ...few, most: 1 }, () => Promise.resolve(1)), 1);
});
