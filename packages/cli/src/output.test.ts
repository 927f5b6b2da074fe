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

/** Sequences that clear, hide, retitle, overwrite and reverse, in the spellings that terminals take. */
const STEERING = [
  "\u001b[2J",
  "\u001b]0;title\u0007",
  "\u009b2J",
  "\u009d0;title\u009c",
  "\r",
  "\u0008",
  "\u0000",
  "\u007f",
  "\u2028",
  "\u202e",
  "\u2066",
  "\u001b[30m",
  "\u001b[8m",
];

const isSteering = (text: string): boolean =>
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/.test(text);

test("no text of others steers a terminal, by whatever way it gets there", () => {
  for (const text of STEERING)
    for (const hasColor of [true, false]) {
      const streams = capturedStreams();
      const on = { ...streams, stdout: { ...streams.stdout, isTTY: true } };
      const output = makeOutput(on, { isJson: false, isVerbose: true, hasColor });
      output.result({}, [`a${text}b`, ...tableLines([["NAME"], [`a${text}b`]])]);
      output.note(`a${text}b`);
      const said = `a${text}b`;
      output.failure({ exitCode: 1, message: said, hint: said, requestId: said });
      assert.ok(!isSteering(streams.out() + streams.err()), JSON.stringify(streams.out()));
      assert.match(streams.out(), /a\ufffd.*b/);
    }
});

test("JSON steers none either, and says the same", () => {
  for (const text of STEERING) {
    const streams = capturedStreams();
    const output = makeOutput(streams, { isJson: true, isVerbose: true, hasColor: false });
    output.result({ text }, []);
    output.failure({ exitCode: 1, message: text });
    assert.ok(!isSteering(streams.out() + streams.err()), JSON.stringify(streams.out()));
    assert.deepEqual(JSON.parse(streams.out()), { text });
    assert.deepEqual(JSON.parse(streams.err()), { error: { exitCode: 1, message: text } });
  }
});

test("no cell of a table makes a line of its own", () => {
  const rows = [
    ["state", "disabled"],
    ["description", "x\nstate        enabled\r\nmore"],
  ];
  assert.deepEqual(tableLines(rows), [
    "state        disabled",
    "description  x ↵ state        enabled ↵ more",
  ]);
});

test("columns stand below each other whatever the names are written in", () => {
  for (const name of ["abcd", "日本", "💿💿", "e\u0301bcd", "שלום"])
    assert.equal(tableLines([[name, "x"]])[0], `${name}  x`);
  assert.deepEqual(
    tableLines([
      ["日本", "x"],
      ["abc", "y"],
      ["cafe\u0301", "z"],
    ]),
    ["日本  x", "abc   y", "cafe\u0301  z"],
  );
});
