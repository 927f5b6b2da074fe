import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import type { AccountId } from "../../domain/ids.ts";
import type { Call } from "../call.ts";
import { RunningCalls } from "./running-calls.ts";

const callOf = (call: Call, accountId: string): Call => ({
  ...call,
  caller: { ...call.caller, accountId: accountId as AccountId },
});

test("what runs for an account is waited for, however many others have called since", async () => {
  const running = new RunningCalls();
  const call = aCall();
  const others = Array.from({ length: 3000 }, (_, n) => callOf(call, `other ${n}`));
  const [first, second] = [callOf(call, "one"), callOf(call, "one")];
  const [early, late] = [running.enter(first), running.enter(second)];
  for (const other of others) running.leave(running.enter(other));
  let isOver = false;
  const over = running.over(["one" as AccountId]).then(() => (isOver = true));
  running.leave(early);
  running.leave(early);
  for (const other of others) running.leave(running.enter(other));
  await Promise.resolve();
  assert.equal(isOver, false);
  const again = running.enter(first);
  running.leaveAll(second);
  await over;
  running.leave(late);
  let isAgainOver = false;
  const againOver = running.over(["one" as AccountId]).then(() => (isAgainOver = true));
  await Promise.resolve();
  assert.equal(isAgainOver, false);
  running.leave(again);
  await againOver;
});

test("accounts that do not call any more leave nothing behind", () => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  const running = new RunningCalls();
  const call = aCall();
  gc();
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < 100_000; n += 1) running.leave(running.enter(callOf(call, `account ${n}`)));
  gc();
  const keptBytes = process.memoryUsage().heapUsed - before;
  assert.ok(keptBytes < 4_000_000, `${keptBytes} bytes are kept for 100,000 accounts`);
  // What was measured is still there.
  running.leave(running.enter(call));
});
