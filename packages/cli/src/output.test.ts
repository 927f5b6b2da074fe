import assert from "node:assert/strict";
import { test } from "node:test";
import { capturedStreams } from "@contentlib/testkit/client/captured-streams";
import { formatBytes, formatDuration, makeOutput, shellWord, tableLines } from "./output.ts";

test("sizes have three digits at most and a decimal unit", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "0 B"],
    [999, "999 B"],
    [1_000, "1.0 kB"],
    [999_499, "999 kB"],
    [999_999, "1.0 MB"],
    [1_073_741_824, "1.1 GB"],
    [738_200_000, "738 MB"],
    [5e18, "5000 PB"],
  ];
  for (const [size, text] of cases) assert.equal(formatBytes(size), text);
});

test("time spans are told in the two largest units", () => {
  assert.equal(formatDuration(0), "0 s");
  assert.equal(formatDuration(59_400), "59 s");
  assert.equal(formatDuration(61_000), "1 min 1 s");
  assert.equal(formatDuration(3_660_000), "1 h 1 min");
});

test("columns are as wide as their widest cell, colours not counted", () => {
  assert.deepEqual(
    tableLines([
      ["A", "B"],
      ["\u001b[32mlong\u001b[39m", "x"],
      ["é", "y"],
    ]),
    ["A     B", "\u001b[32mlong\u001b[39m  x", "é     y"],
  );
});

test("names are quoted for the shell only where they must be", () => {
  assert.equal(shellWord("images/debian-12.iso"), "images/debian-12.iso");
  assert.equal(shellWord("my images"), "'my images'");
  assert.equal(shellWord("it's"), "'it'\\''s'");
  assert.equal(shellWord("-f"), "'-f'");
  assert.equal(shellWord(""), "''");
});

test("remarks are for people: with --json they are left out, and the result is JSON", () => {
  const streams = capturedStreams();
  const output = makeOutput(streams, { isJson: true, isVerbose: false, hasColor: true });
  output.note("hello");
  output.result({ changed: true }, ["Changed."]);
  assert.equal(streams.err(), "");
  assert.deepEqual(JSON.parse(streams.out()), { changed: true });
});

test("colours appear on a terminal only, and never under NO_COLOR", () => {
  const streams = capturedStreams();
  const terminal = { ...streams, stdout: { ...streams.stdout, isTTY: true } };
  const styled = (hasColor: boolean, on: typeof streams) =>
    makeOutput(on, { isJson: false, isVerbose: false, hasColor }).style("red", "x");
  assert.equal(styled(true, terminal), "\u001b[31mx\u001b[39m");
  assert.equal(styled(false, terminal), "x");
  assert.equal(styled(true, streams), "x");
});

test("an error's text can not steer the terminal", () => {
  const streams = capturedStreams();
  makeOutput(streams, { isJson: false, isVerbose: false, hasColor: false }).failure({
    exitCode: 1,
    message: "a\u001b[2Jb\r\nc",
  });
  assert.equal(streams.err(), "contentlib: a\ufffd[2Jb\ufffd\nc\n");
});

test("what others wrote can not steer the terminal, also in results and remarks", () => {
  const streams = capturedStreams();
  const output = makeOutput(streams, { isJson: false, isVerbose: false, hasColor: false });
  output.result({}, ["description  a\u001b]0;title\u0007b\u001b[2Jc", "two\nlines"]);
  output.note("reason: \u001b[1A\rgone");
  assert.equal(streams.out(), "description  a\ufffd]0;title\ufffdb\ufffd[2Jc\ntwo\nlines\n");
  assert.equal(streams.err(), "reason: \ufffd[1A\ufffdgone\n");
});

test("our own colours pass to a terminal, and nothing else that begins like one", () => {
  const streams = capturedStreams();
  const on = {
    ...streams,
    stdout: { ...streams.stdout, isTTY: true, write: streams.stdout.write },
  };
  const output = makeOutput(on, { isJson: false, isVerbose: false, hasColor: true });
  output.result({}, [`${output.style("dim", "id")} \u001b[2J\u001b[8mhidden`]);
  assert.equal(streams.out(), "\u001b[2mid\u001b[22m \ufffd[2J\ufffd[8mhidden\n");
});
