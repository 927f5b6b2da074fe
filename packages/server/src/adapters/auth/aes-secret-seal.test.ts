import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { portErrorWith } from "@contentlib/testkit/errors/port-error-with";
import { AesSecretSeal } from "./aes-secret-seal.ts";

const seal = new AesSecretSeal(Buffer.alloc(32, 1));
const PLACE = "library:one";
const TEXT = "pässwort: \u{1f511}";

describe("the seal of secrets", () => {
  for (const text of ["", "x", TEXT, "long ".repeat(10_000)]) {
    test(`opens what it sealed: ${text.length} characters`, () =>
      assert.equal(seal.open(seal.seal(text, PLACE), PLACE), text));
  }

  test("shows neither the text nor that two texts are one", () => {
    const [one, two] = [seal.seal(TEXT, PLACE), seal.seal(TEXT, PLACE)];
    assert.notEqual(one, two);
    for (const sealed of [one, two])
      assert.ok(!Buffer.from(sealed.slice(2), "base64url").includes("wort"));
  });

  test("under another key it stays shut", () => {
    const other = new AesSecretSeal(Buffer.alloc(32, 2));
    assert.throws(() => other.open(seal.seal(TEXT, PLACE), PLACE), portErrorWith("corrupt"));
  });

  test("for another place it stays shut", () => {
    const sealed = seal.seal(TEXT, PLACE);
    for (const place of ["library:other", "", `${PLACE} `])
      assert.throws(() => seal.open(sealed, place), portErrorWith("corrupt"), place);
  });

  test("a damaged one stays shut, whichever part of it", () => {
    const sealed = seal.seal(TEXT, PLACE);
    const bytes = Buffer.from(sealed.slice(2), "base64url");
    for (const at of [0, 13, bytes.length - 1]) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      const text = `1.${damaged.toString("base64url")}`;
      assert.throws(() => seal.open(text, PLACE), portErrorWith("corrupt"), String(at));
    }
    for (const text of ["", "1.", "1.AAAA", TEXT, sealed.slice(2), `2${sealed.slice(1)}`])
      assert.throws(() => seal.open(text, PLACE), portErrorWith("corrupt"), text);
  });
});
