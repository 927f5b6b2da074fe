import assert from "node:assert/strict";
import { test } from "node:test";
import {
  absoluteFinding,
  allowanceFinding,
  ratioFinding,
  reportedFinding,
  skippedFinding,
  type Series,
} from "./finding.ts";

const series = (...values: readonly number[]): Series => ({ name: "made up", unit: "ms", values });
const told = (...values: readonly number[]) => ({
  measure: "made up",
  product: series(...values),
});

test("a ratio is that of the medians, and its bound counts as reached when it is met exactly", () => {
  const finding = ratioFinding(
    { ...told(90, 1, 900), baseline: series(100, 100, 5) },
    { sign: ">=", limit: 0.9 },
  );
  assert.equal(finding.figure, 0.9);
  assert.equal(finding.passed, true);
  assert.equal(finding.reach, ">= 0.9 x");
  const missed = ratioFinding({ ...told(12), baseline: series(10) }, { sign: "<=", limit: 1.1 });
  assert.equal(missed.passed, false);
});

test("an absolute bound looks at the product alone", () => {
  const finding = absoluteFinding(
    { ...told(51, 49, 50), baseline: series(1) },
    { sign: "<=", limit: 50 },
  );
  assert.equal(finding.figure, 50);
  assert.equal(finding.passed, true);
  assert.equal(finding.reach, "<= 50 ms");
});

test("an allowance comes on top of the multiple of the baseline", () => {
  const bound = { factor: 2, allowance: 2 };
  assert.equal(allowanceFinding({ ...told(4), baseline: series(1) }, bound).passed, true);
  assert.equal(allowanceFinding({ ...told(4.1), baseline: series(1) }, bound).passed, false);
});

test("what is only reported has the ratio and no bound", () => {
  const finding = reportedFinding({ ...told(2, 1, 3), baseline: series(4) });
  assert.deepEqual([finding.figure, finding.reach, finding.passed], [0.5, "-", null]);
});

test("nothing measured is never a bound reached", () => {
  assert.equal(absoluteFinding(told(), { sign: "<=", limit: 50 }).passed, false);
  assert.equal(
    ratioFinding({ ...told(), baseline: series() }, { sign: ">=", limit: 0.9 }).passed,
    false,
  );
});

test("what could not be measured has no figure, and says why", () => {
  const { figure, passed, skipped } = skippedFinding("made up", "there is no room");
  assert.deepEqual([figure, passed, skipped], [Number.NaN, null, "there is no room"]);
});
