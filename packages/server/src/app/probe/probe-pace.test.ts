import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../adapters/clock/manual-clock.ts";
import type { AccountId } from "../../domain/ids.ts";
import { PROBE_PERIOD_MS, ProbePace, PROBES_FREE, PROBES_RUNNING_MAX } from "./probe-pace.ts";

const [ADA, BEN] = ["ada", "ben"] as unknown as [AccountId, AccountId];

const tried = (pace: ProbePace, accountId = ADA): boolean => {
  const admission = pace.admit(accountId);
  if (admission.kind === "ok") admission.end();
  return admission.kind === "ok";
};

test("some addresses are free, then one a period, and others are not slowed by it", async () => {
  const clock = new ManualClock();
  const pace = new ProbePace(clock);
  for (let index = 0; index < PROBES_FREE; index += 1) assert.equal(tried(pace), true);
  assert.deepEqual(pace.admit(ADA), { kind: "wait", seconds: PROBE_PERIOD_MS / 1000 });
  assert.equal(tried(pace, BEN), true);
  await clock.advance(PROBE_PERIOD_MS - 1);
  assert.equal(tried(pace), false);
  await clock.advance(1);
  assert.equal(tried(pace), true);
  assert.equal(tried(pace), false);
  await clock.advance(PROBE_PERIOD_MS * PROBES_FREE * 2);
  for (let index = 0; index < PROBES_FREE; index += 1) assert.equal(tried(pace), true);
  assert.equal(tried(pace), false);
});

test("few run at a time, and one that ends makes room once", () => {
  const pace = new ProbePace(new ManualClock());
  const running = Array.from({ length: PROBES_RUNNING_MAX }, () => pace.admit(ADA));
  assert.ok(running.every(({ kind }) => kind === "ok"));
  assert.equal(pace.admit(ADA).kind, "wait");
  assert.equal(pace.admit(BEN).kind, "ok");
  const [first] = running;
  assert.ok(first?.kind === "ok");
  first.end();
  first.end();
  assert.equal(pace.admit(ADA).kind, "ok");
  assert.equal(pace.admit(ADA).kind, "wait");
});
