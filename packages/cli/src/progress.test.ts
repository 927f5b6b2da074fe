import assert from "node:assert/strict";
import { test } from "node:test";
import { capturedStreams } from "@contentlib/testkit/client/captured-streams";
import { makeOutput } from "./output.ts";
import { barLine, figuresLine, startProgress } from "./progress.ts";

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

test("without a terminal each file has a line, and one that takes long has one now and then", async () => {
  const streams = capturedStreams();
  const output = makeOutput(streams, { isJson: false, isVerbose: false, hasColor: true });
  let now = 0;
  const progress = await startProgress(output, streams.stderr, () => now);
  progress.begin("a\u001b[2J.iso");
  for (now = 1_000; now <= 61_000; now += 1_000) progress.update(now * 1_000, 100_000_000);
  progress.begin("b.iso");
  progress.stop();
  assert.equal(
    streams.err(),
    "a\ufffd[2J.iso ...\n" +
      "a\ufffd[2J.iso  30%  30.0 MB of 100 MB  1.0 MB/s, 1 min 10 s left\n" +
      "a\ufffd[2J.iso  60%  60.0 MB of 100 MB  1.0 MB/s, 40 s left\n" +
      "b.iso ...\n",
  );
});

test("what was there before this try counts as done, and not for the pace or the time left", async () => {
  const streams = capturedStreams();
  const output = makeOutput(streams, { isJson: false, isVerbose: false, hasColor: true });
  let now = 0;
  const progress = await startProgress(output, streams.stderr, () => now);
  progress.begin("a.iso");
  progress.tell("Going on behind 50.0 MB of a.iso.");
  for (now = 1_000; now <= 31_000; now += 1_000)
    progress.update(50_000_000 + now * 1_000, 100_000_000, now * 1_000);
  progress.stop();
  assert.equal(
    streams.err(),
    "a.iso ...\nGoing on behind 50.0 MB of a.iso.\na.iso  80%  80.0 MB of 100 MB  1.0 MB/s, 20 s left\n",
  );
});

test("programs that read JSON are told nothing of it", async () => {
  const streams = capturedStreams();
  const output = makeOutput(streams, { isJson: true, isVerbose: true, hasColor: true });
  const progress = await startProgress(output, streams.stderr, () => 0);
  progress.begin("a.iso");
  progress.update(1, 2);
  progress.note("A remark.");
  progress.stop();
  assert.equal(streams.err() + streams.out(), "");
});

test("a line of a log has all of the name, and no bar", () => {
  const state = { fileName: "n".repeat(80), doneBytes: GIGABYTE / 2, totalBytes: GIGABYTE };
  assert.equal(
    figuresLine(state, meter),
    `${"n".repeat(80)}  50%  500 MB of 1.0 GB  120 MB/s, 4 s left`,
  );
});
