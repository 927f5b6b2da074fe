import assert from "node:assert/strict";
import { test } from "node:test";
import type { Duties } from "../app/app.ts";
import { ManualClock } from "../adapters/clock/manual-clock.ts";
import { DUTY_PERIODS_MS, startDuties } from "./start-duties.ts";

const counting = () => {
  const runs = {
    expireSessions: 0,
    recordActivity: 0,
    recordRefusals: 0,
    purge: 0,
    collectBlobs: 0,
    sweepStaging: 0,
  };
  const count = (name: keyof Duties) => async (): Promise<void> => {
    runs[name] += 1;
  };
  const duties: Duties = {
    expireSessions: count("expireSessions"),
    recordActivity: count("recordActivity"),
    recordRefusals: count("recordRefusals"),
    purge: count("purge"),
    collectBlobs: count("collectBlobs"),
    sweepStaging: count("sweepStaging"),
  };
  return { runs, duties };
};

const troubles: { where: string; error: unknown }[] = [];
const journal = {
  trouble: (event: { where: string; error: unknown }) => void troubles.push(event),
};

test("each duty runs once a period, until closed", async () => {
  const clock = new ManualClock();
  const { runs, duties } = counting();
  const running = startDuties(duties, clock, journal);
  await clock.advance(60_000);
  assert.deepEqual(runs, {
    expireSessions: 60,
    recordActivity: 12,
    recordRefusals: 60,
    purge: 1,
    collectBlobs: 1,
    sweepStaging: 0,
  });
  await clock.advance(DUTY_PERIODS_MS.sweepStaging);
  assert.equal(runs.sweepStaging, 1);
  await running.close();
  const before = { ...runs };
  await clock.advance(DUTY_PERIODS_MS.sweepStaging);
  assert.deepEqual(runs, before);
});

test("a failed run is journaled, and the next period tries again", async () => {
  const clock = new ManualClock();
  const { runs, duties } = counting();
  let tried = 0;
  const failing: Duties = {
    ...duties,
    purge: async () => {
      tried += 1;
      await Promise.resolve();
      throw new Error("no catalog");
    },
  };
  const running = startDuties(failing, clock, journal);
  await clock.advance(120_000);
  await running.close();
  assert.equal(tried, 2);
  assert.deepEqual(
    troubles.map(({ where }) => where),
    ["duty purge", "duty purge"],
  );
  assert.equal(runs.expireSessions, 120);
});

test("close waits for the run that is under way, which never overlapped itself", async () => {
  const clock = new ManualClock();
  const { duties } = counting();
  let begun = 0;
  let ended = 0;
  let release = (): void => undefined;
  const slow: Duties = {
    ...duties,
    expireSessions: async () => {
      begun += 1;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      ended += 1;
    },
  };
  const ticks: (() => Promise<void> | void)[] = [];
  const stub = {
    ...clock,
    every: (periodMs: number, tick: () => Promise<void> | void) => {
      if (periodMs === DUTY_PERIODS_MS.expireSessions) ticks.push(tick);
      return { close: () => undefined };
    },
  };
  const running = startDuties(slow, Object.assign(new ManualClock(), stub), journal);
  void ticks[0]?.();
  void ticks[0]?.();
  assert.equal(begun, 1);
  const closing = running.close();
  release();
  await closing;
  assert.equal(ended, 1);
});
