import assert from "node:assert/strict";
import { test } from "node:test";
import { manualSystem } from "@contentlib/testkit/client/manual-system";
import { Patience } from "./patience.ts";

const { signal } = new AbortController();

test("tries in a row use patience up, and only bytes that were never moved before begin a new row", async () => {
  const system = manualSystem(5_000);
  const patience = new Patience({ system, triesMax: 2, retryForMs: undefined });
  await patience.rest(signal);
  patience.note(10);
  await patience.rest(signal);
  assert.equal(patience.isUsedUp, false);
  patience.note(10);
  await patience.rest(signal);
  assert.equal(patience.isUsedUp, true);
});

test("pauses grow to a few seconds and no further", async () => {
  const system = manualSystem(5_000);
  const patience = new Patience({ system, triesMax: 9, retryForMs: undefined });
  for (let count = 0; count < 9; count += 1) await patience.rest(signal);
  assert.deepEqual(system.pausesMs, [150, 300, 600, 1_200, 2_400, 3_750, 3_750, 3_750, 3_750]);
});

test("where a time is given, it counts from the last new byte, and tries do not", async () => {
  const system = manualSystem(5_000);
  const patience = new Patience({ system, triesMax: 0, retryForMs: 60_000 });
  system.advance(59_999);
  assert.equal(patience.isUsedUp, false);
  patience.note(1);
  system.advance(59_999);
  assert.equal(patience.isUsedUp, false);
  system.advance(1);
  assert.equal(patience.isUsedUp, true);
});
