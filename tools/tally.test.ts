import assert from "node:assert/strict";
import { test } from "node:test";
import { addTallies, findTally, formatTally } from "./tally.ts";

test("a tally reads back from the output it ends", () => {
  const tally = { passed: 12, failed: 1, skipped: 3 };
  assert.deepEqual(findTally(`ok a\n${formatTally(tally)}\n`), tally);
});

test("an output that does not end in a tally has none", () => {
  assert.equal(findTally(""), undefined);
  assert.equal(findTally("1 passed, 0 failed, 0 skipped\nSegmentation fault\n"), undefined);
});

test("tallies add up", () => {
  const sum = addTallies(
    { passed: 1, failed: 2, skipped: 3 },
    { passed: 10, failed: 20, skipped: 30 },
  );
  assert.equal(formatTally(sum), "11 passed, 22 failed, 33 skipped");
});
