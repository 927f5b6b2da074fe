import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { shellWord } from "./output.ts";
import { splitLine } from "./split-line.ts";

test("a line falls into words as a shell would have it, the last one perhaps begun only", () => {
  for (const [line, words] of [
    ["", [""]],
    ["contentlib", ["contentlib"]],
    ["contentlib ", ["contentlib", ""]],
    ["contentlib  ls   im", ["contentlib", "ls", "im"]],
    ["a 'b c' \"d e\"", ["a", "b c", "d e"]],
    ["a 'b c", ["a", "b c"]],
    ["a it\\'s\\ it", ["a", "it's it"]],
    ['a "x\\"y\\n"', ["a", 'x"y\\n']],
    ["a b\\ ", ["a", "b "]],
    ["a ''", ["a", ""]],
    ["a '' b", ["a", "", "b"]],
  ] as const) {
    assert.deepEqual(splitLine(line), words, line);
  }
});

test("words that were quoted for a shell come back as they were", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "binary", maxLength: 12 }), { minLength: 1, maxLength: 5 }),
      (words) => {
        assert.deepEqual(splitLine(words.map(shellWord).join(" ")), words);
      },
    ),
  );
});
