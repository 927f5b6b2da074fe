import assert from "node:assert/strict";
import { test } from "node:test";
import { median, quantile } from "./statistics.ts";

test("the median is the middle value, or between the two in the middle, in whatever order they came", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([7]), 7);
  assert.ok(Number.isNaN(median([])));
});

test("a quantile is a value that was measured, by the nearest rank", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  assert.equal(quantile(hundred, 0.99), 99);
  assert.equal(quantile(hundred, 0.5), 50);
  assert.equal(quantile([3, 1], 0.99), 3);
  assert.equal(quantile([3, 1], 0), 1);
  assert.ok(Number.isNaN(quantile([], 0.5)));
});
