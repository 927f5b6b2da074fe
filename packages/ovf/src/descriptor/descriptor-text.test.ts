import assert from "node:assert/strict";
import { test } from "node:test";
import { envelopeText } from "@contentlib/testkit/ovf/envelope-text";
import { textOf } from "../finding-text.ts";
import { DescriptorReader } from "./descriptor-reader.ts";

const NAME = "Prüfung";

/** A descriptor with a name beyond ASCII, with another XML declaration. */
const textWith = (declaration: string): string =>
  envelopeText({ systems: `<VirtualSystem><Info/><Name>${NAME}</Name></VirtualSystem>` }).replace(
    /^<\?xml.*\?>/,
    declaration,
  );

const declaring = (encoding: string): string =>
  textWith(`<?xml version="1.0" encoding="${encoding}"?>`);

const latin1 = (text: string): Uint8Array =>
  Uint8Array.from([...text].map((character) => character.charCodeAt(0)));

const utf16 = (text: string, isLittle: boolean): Uint8Array => {
  const bytes = new DataView(new ArrayBuffer(2 * text.length));
  for (let at = 0; at < text.length; at += 1)
    bytes.setUint16(2 * at, text.charCodeAt(at), isLittle);
  return new Uint8Array(bytes.buffer);
};

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The name of the system that is read, or what is found; the same however the bytes are cut. */
const nameIn = (bytes: Uint8Array): string | null | readonly string[] => {
  const results = [1, 3, bytes.length].map((piece) => {
    const findings: string[] = [];
    const reader = new DescriptorReader("a.ovf", (finding) => findings.push(textOf(finding)));
    for (let at = 0; at < bytes.length; at += piece) reader.write(bytes.subarray(at, at + piece));
    const name = reader.end()?.facts.systems[0]?.name ?? null;
    return findings.length === 0 ? name : findings;
  });
  for (const result of results) assert.deepEqual(result, results[0]);
  return results[0] ?? null;
};

test("UTF-8 is read with and without mark and declaration", () => {
  for (const declaration of ["", '<?xml version="1.0"?>', "<?xml version='1.0' encoding='utf-8'?>"])
    for (const mark of ["", "\ufeff"])
      assert.equal(nameIn(utf8(mark + textWith(declaration))), NAME);
});

test("UTF-16 is read with its mark, either way round", () => {
  for (const isLittle of [true, false])
    for (const text of [declaring("UTF-16"), textWith("")])
      assert.equal(nameIn(utf16(`\ufeff${text}`, isLittle)), NAME);
});

test("ISO-8859-1 is read where it is declared", () => {
  assert.equal(nameIn(latin1(declaring("ISO-8859-1"))), NAME);
  assert.equal(nameIn(latin1(declaring("iso-8859-1"))), NAME);
});

test("a declaration may be long", () => {
  const blanks = " ".repeat(900);
  assert.equal(
    nameIn(latin1(textWith(`<?xml version="1.0"${blanks}encoding="ISO-8859-1"?>`))),
    NAME,
  );
});

test("other encodings are refused, and what is told is the same however they come", () => {
  const read = "UTF-8, UTF-16 with a byte order mark, or ISO-8859-1";
  const said = (actual: string, expected: string) => [
    `a.ovf:1:1: The descriptor is not in the encoding that is expected: ${actual} instead of ${expected}.`,
  ];
  assert.deepEqual(nameIn(utf8(declaring("EBCDIC-CP-US"))), said("EBCDIC-CP-US", read));
  assert.deepEqual(nameIn(utf8(declaring("UTF-7"))), said("UTF-7", read));
  assert.deepEqual(
    nameIn(utf16(declaring("UTF-16"), true)),
    said("UTF-16 without a byte order mark", read),
  );
  assert.deepEqual(
    nameIn(utf16(declaring("UTF-16"), false)),
    said("UTF-16 without a byte order mark", read),
  );
  assert.deepEqual(nameIn(Uint8Array.of(0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0)), said("UTF-32", read));
});

test("a declaration that differs from the mark is refused", () => {
  const said = (actual: string, expected: string) => [
    `a.ovf:1:1: The descriptor is not in the encoding that is expected: ${actual} instead of ${expected}.`,
  ];
  assert.deepEqual(nameIn(utf8(`\ufeff${declaring("ISO-8859-1")}`)), said("ISO-8859-1", "UTF-8"));
  assert.deepEqual(nameIn(utf16(`\ufeff${declaring("UTF-8")}`, true)), said("UTF-8", "UTF-16LE"));
  assert.deepEqual(
    nameIn(utf16(`\ufeff${declaring("UTF-16LE")}`, false)),
    said("UTF-16LE", "UTF-16BE"),
  );
});

test("bytes that are not of the encoding are refused with their place", () => {
  const line = (place: string) => [
    `a.ovf:${place}: The descriptor is not in the encoding that is expected: other bytes instead of UTF-8.`,
  ];
  assert.deepEqual(nameIn(latin1(declaring("UTF-8"))), line("5:33"));
  const cut = utf8(textWith(""));
  assert.deepEqual(nameIn(cut.subarray(0, cut.indexOf(0xc3) + 1)), line("5:33"));
});
