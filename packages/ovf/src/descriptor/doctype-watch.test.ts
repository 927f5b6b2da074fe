import assert from "node:assert/strict";
import { test } from "node:test";
import { DoctypeWatch } from "./doctype-watch.ts";

/** Where the declaration is found in a text that comes in pieces of a length; null where it is not. */
const findIn = (text: string, pieceLength: number): number | null => {
  const watch = new DoctypeWatch();
  for (let at = 0; at < text.length; at += pieceLength) {
    const found = watch.find(text.slice(at, at + pieceLength));
    if (found !== null) return at + found;
  }
  return null;
};

const LENGTHS = [1, 2, 3, 5, 8, 1000];

test("a declaration before the root is found, however the text is cut", () => {
  for (const before of [
    "",
    "\n ",
    '<?xml version="1.0"?>',
    "<!-- a -->",
    "<!----><!-- -- -->\n<?a b?><?c ??>",
    "<!-->-->",
  ])
    for (const length of LENGTHS)
      assert.equal(
        findIn(`${before}<!DOCTYPE x>`, length),
        before.length + "<!DOCTYPE".length,
        `${before} by ${length}`,
      );
});

test("what only looks like one is none", () => {
  for (const text of [
    "<!-- <!DOCTYPE x> --><a/>",
    "<?a <!DOCTYPE x> ?><a/>",
    "<a><![CDATA[<!DOCTYPE x>]]></a>",
    "<a/><!DOCTYPE x>",
    "<!doctype x><a/>",
    "<!DOCTYP x>",
    "<!-- <!DOCTYPE x>",
    "<",
  ])
    for (const length of LENGTHS) assert.equal(findIn(text, length), null, `${text} by ${length}`);
});
