import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../adapters/clock/manual-clock.ts";
import { StallWatch } from "./stall-watch.ts";

const flow = () => {
  const watched = {
    movedBytes: 0,
    waitsForPeer: true,
    stalls: 0,
    stalled: () => void (watched.stalls += 1),
  };
  return watched;
};

test("a flow stalls when its peer moves nothing for the timeout, once", async () => {
  const clock = new ManualClock();
  const stalls = new StallWatch(clock);
  const watched = flow();
  stalls.watch(watched, 10_000);
  await clock.advance(9000);
  watched.movedBytes = 1;
  await clock.advance(10_000);
  assert.equal(watched.stalls, 0);
  await clock.advance(2000);
  assert.equal(watched.stalls, 1);
  await clock.advance(60_000);
  assert.equal(watched.stalls, 1);
});

test("time in which we hold the flow back does not count, and a closed watch is silent", async () => {
  const clock = new ManualClock();
  const stalls = new StallWatch(clock);
  const ours = flow();
  ours.waitsForPeer = false;
  const closed = flow();
  stalls.watch(ours, 10_000);
  stalls.watch(closed, 10_000).close();
  await clock.advance(60_000);
  assert.deepEqual([ours.stalls, closed.stalls], [0, 0]);
  ours.waitsForPeer = true;
  await clock.advance(9000);
  assert.equal(ours.stalls, 0);
  await clock.advance(2000);
  assert.equal(ours.stalls, 1);
  stalls.close();
});
