import assert from "node:assert/strict";
import { test } from "node:test";
import { absoluteFinding, skippedFinding } from "./finding.ts";
import { cellsOf, formatTable } from "./report.ts";

const reached = absoluteFinding(
  { measure: "made up", product: { name: "ours", unit: "ms", values: [1, 3, 2] } },
  { sign: "<=", limit: 5 },
);

test("a finding has a line with its median, its bound and whether that was reached", () => {
  assert.deepEqual(cellsOf(reached), ["made up", "2.00 ms", "-", "-", "<= 5 ms", "reached"]);
});

test("what was skipped has no figure, is neither reached nor missed, and its reason is below the table", () => {
  const skipped = skippedFinding("push in a browser", "there is no Chromium");
  assert.deepEqual(cellsOf(skipped), ["push in a browser", "-", "-", "-", "-", "skipped"]);
  assert.match(formatTable([reached, skipped]), /push in a browser:\n {2}skipped: there is no/);
});
