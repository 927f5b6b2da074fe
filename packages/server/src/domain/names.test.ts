import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { checkDescription, checkFileName, checkItemType, checkName, nameKey } from "./names.ts";

describe("names of libraries and items", () => {
  for (const [what, name] of [
    ["one character", "a"],
    ["80 characters", "a".repeat(80)],
    ["80 characters outside the basic plane", "💿".repeat(80)],
    ["spaces and slashes inside", "golden images / 2024"],
  ] as const) {
    test(`${what} are fine`, () => assert.equal(checkName(name), null));
  }

  for (const [what, name, reason] of [
    ["empty", "", "it is empty"],
    ["81 characters", "a".repeat(81), "it has 81 characters, and at most 80 are allowed"],
    ["a NUL", "a\0b", "it holds the control character U+0000"],
    ["a line feed", "a\nb", "it holds the control character U+000A"],
    ["DEL", "a\x7f", "it holds the control character U+007F"],
    ["a C1 control", "a\u0085", "it holds the control character U+0085"],
    ["a lone surrogate", "a\ud800", "it is not valid Unicode: a surrogate stands alone"],
  ] as const) {
    test(`${what}: ${reason}`, () => assert.equal(checkName(name), reason));
  }

  test("an item may have no type, and any word for one", () => {
    assert.equal(checkItemType(""), null);
    assert.equal(checkItemType("my-own-type"), null);
    assert.equal(checkItemType("a\tb"), "it holds the control character U+0009");
  });

  test("a description may be empty and span lines, up to 2000 characters", () => {
    assert.equal(checkDescription(""), null);
    assert.equal(checkDescription("two\nlines"), null);
    assert.equal(checkDescription("é".repeat(2000)), null);
    assert.equal(
      checkDescription("é".repeat(2001)),
      "it has 2001 characters, and at most 2000 are allowed",
    );
    assert.equal(checkDescription("a\0"), "it holds the control character U+0000");
  });
});

describe("file names", () => {
  // S53
  for (const name of [
    "a",
    "debian 12 (x86).iso",
    "100%#?.iso",
    ".hidden",
    "...",
    "größe.iso",
    "é".repeat(127),
    "x".repeat(255),
  ]) {
    test(`S53: ${JSON.stringify(name.slice(0, 20))} is a name`, () =>
      assert.equal(checkFileName(name), null));
  }

  for (const [name, reason] of [
    ["", "it is empty"],
    [".", "it names a folder"],
    ["..", "it names a folder"],
    ["a/b", "it holds a slash or a backslash"],
    ["a\\b", "it holds a slash or a backslash"],
    [" a", "it begins or ends with a space"],
    ["a ", "it begins or ends with a space"],
    ["a\u00a0", "it begins or ends with a space"],
    ["a\0b", "it holds the control character U+0000"],
    ["a\u009fb", "it holds the control character U+009F"],
    ["a\udfff", "it is not valid Unicode: a surrogate stands alone"],
    ["x".repeat(256), "it has 256 bytes in UTF-8, and at most 255 are allowed"],
    ["💿".repeat(64), "it has 256 bytes in UTF-8, and at most 255 are allowed"],
  ] as const) {
    test(`S53: ${JSON.stringify(name.slice(0, 20))}: ${reason}`, () =>
      assert.equal(checkFileName(name), reason));
  }

  test("law: an accepted name is what a file system takes as one path segment", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (name) => {
        if (checkFileName(name) !== null) return;
        const bytes = new TextEncoder().encode(name);
        assert.ok(bytes.length >= 1 && bytes.length <= 255);
        assert.equal(new TextDecoder().decode(bytes), name);
        assert.doesNotMatch(name, /[/\\\0]/);
        assert.equal(name.trim(), name);
      }),
    );
  });
});

describe("comparing names", () => {
  test("case and composition do not tell names apart", () => {
    assert.equal(nameKey("Images"), nameKey("iMAGES"));
    assert.equal(nameKey("gr\u00f6\u00dfe"), nameKey("GRO\u0308\u00dfE"));
    assert.notEqual(nameKey("a"), nameKey("b"));
  });

  test("law: a key is its own key", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (name) =>
        assert.equal(nameKey(nameKey(name)), nameKey(name)),
      ),
    );
  });
});
