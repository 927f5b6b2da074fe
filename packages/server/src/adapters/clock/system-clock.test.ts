import assert from "node:assert/strict";
import { test } from "node:test";
import { PortError } from "../../ports/index.ts";
import { SystemClock } from "./system-clock.ts";

const isCancelled = (error: unknown): boolean =>
  error instanceof PortError && error.kind === "cancelled";

test("a sleep ends at once when its signal aborts", async () => {
  const cancel = new AbortController();
  const asleep = new SystemClock().sleep(60_000, cancel.signal);
  cancel.abort();
  await assert.rejects(asleep, isCancelled);
});

test("a sleep under an aborted signal never begins", async () => {
  await assert.rejects(new SystemClock().sleep(60_000, AbortSignal.abort()), isCancelled);
});

test("the monotonic clock does not go back", () => {
  const clock = new SystemClock();
  const first = clock.monotonicMs();
  assert.ok(clock.monotonicMs() >= first);
  assert.ok(clock.now() > 1_600_000_000_000);
});

test("a tick that is still running makes the next one skip", async () => {
  const clock = new SystemClock();
  let begun = 0;
  let release = (): void => undefined;
  const first = new Promise<void>((resolve) => {
    const ticking = clock.every(1, async () => {
      begun += 1;
      resolve();
      await new Promise<void>((done) => {
        release = done;
      });
      ticking.close();
    });
  });
  const alive = setInterval(() => undefined, 1);
  await first;
  await clock.sleep(10);
  clearInterval(alive);
  assert.equal(begun, 1);
  release();
});
