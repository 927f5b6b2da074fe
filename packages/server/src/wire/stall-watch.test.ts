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

const PACED = { silenceMs: 10_000, pace: { bytes: 100, periodMs: 60_000 } };

test("a trickle that never falls silent stalls at the end of a period with too little in it", async () => {
  const clock = new ManualClock();
  const stalls = new StallWatch(clock);
  const trickle = flow();
  const steady = flow();
  stalls.watch(trickle, PACED);
  stalls.watch(steady, PACED);
  for (let passedMs = 0; passedMs < 58_000; passedMs += 2000) {
    trickle.movedBytes += 3;
    steady.movedBytes += 4;
    await clock.advance(2000);
  }
  assert.deepEqual([trickle.stalls, steady.stalls], [0, 0]);
  await clock.advance(4000);
  assert.deepEqual([trickle.stalls, steady.stalls], [1, 0]);
  stalls.close();
});

test("what one period had too much does not count in the next", async () => {
  const clock = new ManualClock();
  const stalls = new StallWatch(clock);
  const burst = flow();
  stalls.watch(burst, PACED);
  burst.movedBytes = 1_000_000;
  for (let passedMs = 0; passedMs < 61_000; passedMs += 1000) {
    burst.movedBytes += 1;
    await clock.advance(1000);
  }
  assert.equal(burst.stalls, 0);
  for (let passedMs = 0; passedMs < 61_000; passedMs += 1000) {
    burst.movedBytes += 1;
    await clock.advance(1000);
  }
  assert.equal(burst.stalls, 1);
  stalls.close();
});

test("a period in which we held the flow back does not count either", async () => {
  const clock = new ManualClock();
  const stalls = new StallWatch(clock);
  const held = flow();
  stalls.watch(held, PACED);
  await clock.advance(5000);
  held.waitsForPeer = false;
  await clock.advance(120_000);
  held.waitsForPeer = true;
  for (let passedMs = 0; passedMs < 55_000; passedMs += 5000) {
    held.movedBytes += 1;
    await clock.advance(5000);
  }
  assert.equal(held.stalls, 0);
  await clock.advance(6000);
  assert.equal(held.stalls, 1);
  stalls.close();
});
