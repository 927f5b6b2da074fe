import assert from "node:assert/strict";
import { test } from "node:test";
import { PortError } from "../../ports/index.ts";
import { ManualClock } from "./manual-clock.ts";

test("ticks and sleeps ring in the order of time, and not before", async () => {
  const clock = new ManualClock(1000);
  const heard: string[] = [];
  const ticking = clock.every(20, () => void heard.push(`tick ${clock.now()}`));
  const asleep = clock.sleep(30).then(() => heard.push("awake"));
  await clock.advance(19);
  assert.deepEqual(heard, []);
  await clock.advance(21);
  await asleep;
  assert.deepEqual(heard, ["tick 1020", "awake", "tick 1040"]);
  ticking.close();
  await clock.advance(100);
  assert.equal(heard.length, 3);
  assert.equal(clock.monotonicMs(), 140);
});

test("a cancelled sleep rejects and is forgotten; a jump moves the wall clock alone", async () => {
  const clock = new ManualClock();
  const cancel = new AbortController();
  const asleep = clock.sleep(10, cancel.signal);
  cancel.abort();
  await assert.rejects(
    asleep,
    (error: unknown) => error instanceof PortError && error.kind === "cancelled",
  );
  clock.jumpTo(5);
  assert.deepEqual([clock.now(), clock.monotonicMs()], [5, 0]);
});
