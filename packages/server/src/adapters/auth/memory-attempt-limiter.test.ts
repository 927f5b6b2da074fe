import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../clock/manual-clock.ts";
import {
  FAILURES_KEPT_MS,
  FREE_FAILURES_PER_ADDRESS,
  FREE_FAILURES_PER_PAIR,
  MemoryAttemptLimiter,
  RECORDS_MAX,
  WAIT_MS_MAX,
} from "./memory-attempt-limiter.ts";

const GUESSER = "192.0.2.1";
const OWNER = "192.0.2.2";

const fail = (
  limiter: MemoryAttemptLimiter,
  times: number,
  account = "administrator",
  address = GUESSER,
): void => {
  for (let count = 0; count < times; count += 1) limiter.failed(account, address);
};

test("a few wrong passwords cost nothing; then each further one doubles the wait, up to a limit", async () => {
  const clock = new ManualClock();
  const limiter = new MemoryAttemptLimiter(clock);
  fail(limiter, FREE_FAILURES_PER_PAIR - 1);
  assert.deepEqual(limiter.admit("administrator", GUESSER), { kind: "ok" });
  fail(limiter, 1);
  assert.deepEqual(limiter.admit("administrator", GUESSER), { kind: "wait", seconds: 1 });
  await clock.advance(1000);
  assert.deepEqual(limiter.admit("Administrator", GUESSER), { kind: "ok" });
  fail(limiter, 1);
  assert.deepEqual(limiter.admit("ADMINISTRATOR", GUESSER), { kind: "wait", seconds: 2 });
  fail(limiter, 40);
  assert.deepEqual(limiter.admit("administrator", GUESSER), {
    kind: "wait",
    seconds: WAIT_MS_MAX / 1000,
  });
});

test("nobody can lock an account for another address", () => {
  const limiter = new MemoryAttemptLimiter(new ManualClock());
  fail(limiter, 1000);
  assert.deepEqual(limiter.admit("administrator", OWNER), { kind: "ok" });
});

test("an address that guesses many names is slowed for all names", () => {
  const limiter = new MemoryAttemptLimiter(new ManualClock());
  for (let count = 0; count < FREE_FAILURES_PER_ADDRESS; count += 1)
    limiter.failed(`name${count}`, GUESSER);
  assert.equal(limiter.admit("never tried", GUESSER).kind, "wait");
});

test("the right password clears its pair, but not what its address did to others", () => {
  const limiter = new MemoryAttemptLimiter(new ManualClock());
  fail(limiter, FREE_FAILURES_PER_PAIR);
  limiter.succeeded("administrator", GUESSER);
  assert.deepEqual(limiter.admit("administrator", GUESSER), { kind: "ok" });
  fail(limiter, FREE_FAILURES_PER_ADDRESS);
  limiter.succeeded("administrator", GUESSER);
  assert.equal(limiter.admit("administrator", GUESSER).kind, "wait");
});

test("failures are forgotten in time, and a jump of the wall clock changes nothing", async () => {
  const clock = new ManualClock();
  const limiter = new MemoryAttemptLimiter(clock);
  fail(limiter, 100);
  clock.jumpTo(clock.now() + 10 * FAILURES_KEPT_MS);
  assert.equal(limiter.admit("administrator", GUESSER).kind, "wait");
  await clock.advance(FAILURES_KEPT_MS);
  assert.deepEqual(limiter.admit("administrator", GUESSER), { kind: "ok" });
});

test("what is remembered is bounded: the oldest failure goes first", () => {
  const limiter = new MemoryAttemptLimiter(new ManualClock());
  fail(limiter, FREE_FAILURES_PER_PAIR, "administrator", OWNER);
  for (let count = 0; count < RECORDS_MAX; count += 1)
    limiter.failed("x", `10.0.${count >> 8}.${count & 255}`);
  assert.deepEqual(limiter.admit("administrator", OWNER), { kind: "ok" });
});
