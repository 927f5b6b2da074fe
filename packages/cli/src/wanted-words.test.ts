import assert from "node:assert/strict";
import { test } from "node:test";
import { makeProgram } from "./program.ts";
import { wantedWords } from "./wanted-words.ts";

const program = makeProgram({
  version: "0",
  run: async () => await Promise.resolve(),
  createClient: async () => await Promise.reject(new Error("No client is needed.")),
});

/** The words that are known, or the kinds of what is to be looked up. */
const wanted = (...words: readonly string[]): readonly string[] =>
  wantedWords(program, words).flatMap((one) =>
    one.kind === "words" ? one.words.map(({ word }) => word) : [`<${one.kind}>`],
  );

test("commands and options come off the program's own tree", () => {
  assert.ok(["ls", "library", "completion", "help"].every((word) => wanted("").includes(word)));
  assert.ok(!wanted("").includes("__complete"), "what is hidden stays hidden");
  assert.ok(wanted("library", "").includes("rename"));
  const options = wanted("rm", "--");
  assert.ok(["--yes", "--plan", "--json", "--profile"].every((word) => options.includes(word)));
});

test("arguments and values of options are what they stand for", () => {
  for (const [expected, ...words] of [
    [["<address>"], "ls", ""],
    [["<address>"], "rm", "a/b", "-y", ""],
    [["<library>"], "library", "rm", ""],
    [[], "library", "rename", "images", ""],
    [["<session>"], "session", "watch", ""],
    [["<profile>"], "profile", "use", ""],
    [["<profile>"], "--profile", ""],
    [["api", "rest"], "--wire", ""],
    [["on", "off"], "config", "update", "--automatic-sync", ""],
    [["bash", "zsh", "fish"], "completion", ""],
    [["<library>"], "find", "x", "--library", ""],
    [["<files>", "<address>"], "push", "a.iso", ""],
    [["<address>"], "session", "ls", "--item", ""],
    [["<address>"], "ls", "--", "-"],
    [[], "whoami", ""],
  ] as const) {
    assert.deepEqual(wanted(...words), expected, words.join(" "));
  }
});

test("an option without a value takes no word, and one with a value takes only one", () => {
  assert.deepEqual(wanted("--json", "ls", ""), ["<address>"]);
  assert.deepEqual(wanted("--profile", "library", "ls", ""), ["<address>"]);
});
