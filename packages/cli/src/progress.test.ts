import assert from "node:assert/strict";
import { test } from "node:test";
import { barLine } from "./progress.ts";

const meter = { rate: () => 120_000_000, idleMs: () => 0 };
const GIGABYTE = 1_000_000_000;

test("the bar tells name, share, bytes, pace and time left", () => {
  const state = { fileName: "debian.iso", doneBytes: GIGABYTE / 4, totalBytes: GIGABYTE };
  assert.equal(
    barLine(state, meter, 100),
    "debian.iso  ████████░░░░░░░░░░░░░░░░░░░░░░   25%  250 MB of 1.0 GB  120 MB/s, 6 s left",
  );
});

test("a narrow terminal gets a narrower bar, then none, and never a second line", () => {
  const state = { fileName: "debian.iso", doneBytes: GIGABYTE / 2, totalBytes: GIGABYTE };
  for (let columns = 10; columns < 120; columns += 1) {
    assert.ok(barLine(state, meter, columns).length < columns, String(columns));
  }
  assert.ok(!barLine(state, meter, 50).includes("█"));
});

test("without a known size there is no share to show", () => {
  const state = { fileName: "pipe", doneBytes: 5_000, totalBytes: undefined };
  assert.equal(barLine(state, meter, 80), "pipe  5.0 kB  120 MB/s");
});

test("an empty file is complete at once", () => {
  const quiet = { rate: () => undefined, idleMs: () => 0 };
  assert.match(
    barLine({ fileName: "a", doneBytes: 0, totalBytes: 0 }, quiet, 80),
    /100% {2}0 B of 0 B$/,
  );
});

test("bytes that stand still are called stalled", () => {
  const stalled = { rate: () => 0, idleMs: () => 34_000 };
  const state = { fileName: "a", doneBytes: 1, totalBytes: 2 };
  assert.match(barLine(state, stalled, 80), /stalled for 34 s$/);
});

test("a long name is shortened, with a mark", () => {
  const state = { fileName: "n".repeat(80), doneBytes: 1, totalBytes: 2 };
  assert.ok(barLine(state, meter, 120).startsWith(`${"n".repeat(31)}…  `));
});

test("a name from the server draws nothing but itself", () => {
  for (const name of ["a\u001b[2J\u0007", "a\u009b1A", "a\r\nb", "a\u202eb", "a\u2028b"]) {
    const line = barLine({ fileName: name, doneBytes: 1, totalBytes: 2 }, meter, 120);
    // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
    assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u2028\u202e]/, JSON.stringify(line));
    assert.match(line, /^a\ufffd/);
  }
});
