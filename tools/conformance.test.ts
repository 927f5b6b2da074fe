import assert from "node:assert/strict";
import { test } from "node:test";
import { CHECKLIST } from "./checklist.ts";
import {
  findDisagreements,
  findShownLines,
  findUnproven,
  linesNamedIn,
  mergeResults,
  type TestResult,
} from "./conformance.ts";

test("a name may carry one line, several, or none", () => {
  assert.deepEqual(linesNamedIn("x works [" + "C7]"), [7]);
  assert.deepEqual(linesNamedIn("[" + "C7, C18] x [" + "C9]"), [7, 18, 9]);
  assert.deepEqual(linesNamedIn("a [C] b [D7] C7"), []);
});

test("each line of the checklist is named by a test, or says why not", () => {
  assert.deepEqual(findDisagreements(CHECKLIST, findShownLines()), []);
});

test("a line without a test, a test without a line, and a test of what is not done are told of", () => {
  const group = "g";
  const checklist = [
    { group, sentence: "A." },
    { group, sentence: "B.", notYet: "later" },
  ];
  assert.equal(findDisagreements(checklist, new Map([[2, ["x"]]])).length, 2);
  assert.equal(
    findDisagreements(
      checklist,
      new Map([
        [1, ["x"]],
        [3, ["x"]],
      ]),
    ).length,
    1,
  );
  assert.deepEqual(findDisagreements(checklist, new Map([[1, ["x"]]])), []);
});

test("a line counts only when a test of it passed and none failed", () => {
  const checklist = [{ group: "g", sentence: "A." }];
  const result = (end: TestResult["end"]): TestResult => ({ file: "f", name: "a [" + "C1]", end });
  assert.deepEqual(findUnproven(checklist, [result("passed"), result("skipped")]), {
    failed: [],
    unseen: [],
  });
  assert.equal(findUnproven(checklist, [result("passed"), result("failed")]).failed.length, 1);
  assert.equal(findUnproven(checklist, []).failed.length, 1);
  assert.equal(findUnproven(checklist, [result("skipped")]).unseen.length, 1);
});

test("a file's last run counts, and names without lines are not kept", () => {
  const named = (file: string, end: TestResult["end"]): TestResult => ({
    file,
    name: "a [" + "C1]",
    end,
  });
  const before = [named("f", "failed"), named("g", "skipped")];
  const plain: TestResult = { file: "f", name: "b", end: "passed" };
  assert.deepEqual(mergeResults(before, [named("f", "passed"), plain]), [
    named("g", "skipped"),
    named("f", "passed"),
  ]);
  assert.deepEqual(mergeResults(before, [plain]), [named("g", "skipped")]);
});
