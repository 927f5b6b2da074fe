import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { hasSign, namePattern } from "./name-pattern.ts";

test("signs match as they do in a shell, and nothing is hidden or a folder", () => {
  for (const [pattern, yes, no] of [
    ["*", ["a", ".a", "a/b", "a\nb", "ü"], []],
    ["deb*", ["deb", "debian"], ["Debian", "a debian"]],
    ["?", ["a", "\u{1f600}", "."], ["", "ab"]],
    ["[a-c]1", ["a1", "c1"], ["d1", "-1", "[a-c]1"]],
    ["[!a-c]1", ["d1", "!1"], ["a1"]],
    ["[c-a]", ["c", "-", "a"], ["b"]],
    ["[c-a-f]", ["c", "-", "a", "f"], ["b", "d", "g"]],
    ["[\u{1f600}-\uffee]", ["\u{1f600}", "-", "\uffee"], ["\ufff0"]],
    ["[\ufb00-\u{1f600}]", ["\ufb01", "\u{1f5ff}"], ["-", "\u{1f601}"]],
    ["[.^$]x", [".x", "^x", "$x"], ["ax"]],
    ["a.b+c(d)|e", ["a.b+c(d)|e"], ["aXb+c(d)|e", "e"]],
    ["a[", ["a["], ["a"]],
    ["a[]", ["a[]"], ["a"]],
    ["100%", ["100%"], ["100"]],
  ] as const) {
    const matches = namePattern(pattern);
    for (const name of yes) assert.ok(matches(name), `${pattern} matches ${name}`);
    for (const name of no) assert.ok(!matches(name), `${pattern} does not match ${name}`);
  }
});

test("what is encoded is itself, in a set and outside of one", () => {
  const matches = (pattern: string) => namePattern(pattern, decodeURIComponent);
  assert.deepEqual(["a*", "ab"].map(matches("a%2A")), [true, false]);
  assert.deepEqual(["a/b", "a%2Fb"].map(matches("a%2F*")), [true, false]);
  assert.deepEqual(["*", "]", "a"].map(matches("[%2A%5D]")), [true, true, false]);
  assert.deepEqual(["b1", "-1", "a1"].map(matches("[a%2Dc]1")), [false, true, true]);
  assert.deepEqual(["b", "-"].map(matches("[%61-%63]")), [true, false]);
  assert.deepEqual(["ü1", "u1"].map(matches("%C3%BC?")), [true, false]);
});

test("a name without signs matches itself alone, and an encoded one does whatever it holds", () => {
  const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(name, name, (one, other) => {
      const encoded = encodeURIComponent(one).replaceAll("*", "%2A");
      const matches = namePattern(encoded, decodeURIComponent);
      assert.equal(matches(one), true);
      assert.equal(matches(other), one === other);
      if (!hasSign(one)) assert.equal(namePattern(one)(other), one === other);
    }),
  );
});
