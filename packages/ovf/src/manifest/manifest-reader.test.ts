import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HEX_DIGITS } from "../digest-algorithm.ts";
import { textOf } from "../finding-text.ts";
import { MANIFEST_BYTES_MAX, MANIFEST_LINE_BYTES_MAX, MANIFEST_LINES_MAX } from "../limits.ts";
import type { Manifest } from "./manifest.ts";
import { ManifestReader } from "./manifest-reader.ts";

interface Read {
  readonly manifest: Manifest | null;
  readonly texts: readonly string[];
}

const readBytes = (bytes: Uint8Array, pieceBytes: number): Read => {
  const texts: string[] = [];
  const reader = new ManifestReader("x.mf", (finding) => texts.push(textOf(finding)));
  for (let at = 0; at < bytes.length; at += pieceBytes)
    reader.write(bytes.subarray(at, at + pieceBytes));
  return { manifest: reader.end(), texts };
};

/** Reads bytes whole and in pieces, and asserts that this is the same. */
const readAll = (bytes: Uint8Array): Read => {
  const whole = readBytes(bytes, Math.max(1, bytes.length));
  for (const piece of bytes.length < 20_000 ? [1, 7] : [4096])
    assert.deepEqual(readBytes(bytes, piece), whole);
  return whole;
};

const read = (text: string): Read => readAll(new TextEncoder().encode(text));

const sha1 = "0123456789abcdef0123456789abcdef01234567";
const sha256 = "a".repeat(64);
const sha512 = "b".repeat(128);

/** Names, algorithms and digests of the lines; asserts that nothing was found. */
const linesOf = (text: string): readonly string[] => {
  const { manifest, texts } = read(text);
  assert.deepEqual(texts, []);
  return (
    manifest?.lines.map((one) => `${one.line} ${one.algorithm} ${one.name} ${one.digest}`) ?? []
  );
};

/** Asserts that one line alone is found wrong, and that those around it are read. */
const assertWrong = (line: string, said: string): void => {
  const { manifest, texts } = read(`SHA1(a)= ${sha1}\n${line}\nSHA1(z)= ${sha1}`);
  assert.deepEqual(texts, [`x.mf:2: ${said}`]);
  assert.deepEqual(
    manifest?.lines.map(({ name }) => name),
    ["a", "z"],
  );
};

test("every style that tools write is read", () => {
  assert.deepEqual(
    linesOf(
      [
        `SHA1(a.ovf)= ${sha1}`,
        `SHA256(b.vmdk)=${sha256}`,
        `SHA512(c.vmdk) = ${sha512}`,
        `SHA256 (d.vmdk) = ${sha256}`,
        `SHA2-256(e.vmdk)= ${sha256}`,
        `SHA2-512(f.vmdk)= ${sha512}`,
        `sha256(g.vmdk)= ${sha256.toUpperCase()}`,
        `  SHA-1\t(h.vmdk)\t=\t${sha1}  `,
      ].join("\n"),
    ),
    [
      `1 SHA1 a.ovf ${sha1}`,
      `2 SHA256 b.vmdk ${sha256}`,
      `3 SHA512 c.vmdk ${sha512}`,
      `4 SHA256 d.vmdk ${sha256}`,
      `5 SHA256 e.vmdk ${sha256}`,
      `6 SHA512 f.vmdk ${sha512}`,
      `7 SHA256 g.vmdk ${sha256}`,
      `8 SHA1 h.vmdk ${sha1}`,
    ],
  );
});

test("ends of lines, a byte order mark, blank lines and comments do not matter", () => {
  assert.deepEqual(linesOf(`\ufeffSHA1(a)= ${sha1}\r\n\r\n# SHA1(x)= y\r\nSHA1(b)= ${sha1}\r\n`), [
    `1 SHA1 a ${sha1}`,
    `4 SHA1 b ${sha1}`,
  ]);
  assert.deepEqual(linesOf(""), []);
});

test("names may hold brackets, equals signs and blanks", () => {
  for (const name of ["a (1).vmdk", "a)= b(", "((", "=", "a b", "Prüfung.vmdk", ") = ("])
    assert.deepEqual(linesOf(`SHA1(${name})= ${sha1}`), [`1 SHA1 ${name} ${sha1}`]);
});

test("names in ISO-8859-1 are read", () => {
  const bytes = new TextEncoder().encode(`SHA1(Pr?fung)= ${sha1}\nSHA1(ü)= ${sha1}`);
  bytes[bytes.indexOf(0x3f)] = 0xfc;
  const { manifest, texts } = readAll(bytes);
  assert.deepEqual(texts, []);
  assert.deepEqual(
    manifest?.lines.map(({ name }) => name),
    ["Prüfung", "ü"],
  );
});

test("what is no line of a manifest is told with its number, and the rest is read", () => {
  const form = "The line is not of the form ALGORITHM(file)= digest:";
  for (const line of [
    "SHA1 a",
    "SHA1()= 00",
    "SHA1(a)",
    "SHA1(a)=",
    "SHA1(a)= xyz",
    "SHA1 a)= 00",
    "(a)= 00",
    "SHA1[a]= 00",
    "SHA1(a= 00",
  ])
    assertWrong(line, `${form} ${line}`);
});

test("lines of sha256sum are told apart", () => {
  const said = "The line is one of sha256sum, not of a manifest:";
  for (const line of [`${sha256}  disk.vmdk`, `${sha1} *disk.vmdk`, `\\${sha256}  di\\nsk`])
    assertWrong(line, `${said} ${line}`);
});

test("algorithms must be known, and digests of their length", () => {
  assertWrong(`MD5(b)= ${"0".repeat(32)}`, "The algorithm MD5 is not known.");
  for (const [word, digits] of Object.entries(HEX_DIGITS))
    for (const wrong of [digits - 1, digits + 1])
      assertWrong(
        `${word}(b)= ${"0".repeat(wrong)}`,
        `The digest of b has ${wrong} hexadecimal digits; ${digits} are expected.`,
      );
});

test("a name stands once, however it is composed", () => {
  assertWrong(`SHA256(a)= ${sha256}`, "The manifest names a more than once.");
  const { texts } = read(`SHA1(\u00fc)= ${sha1}\nSHA1(u\u0308)= ${sha1}\nSHA1(\u00dc)= ${sha1}`);
  assert.deepEqual(texts, ["x.mf:2: The manifest names u\u0308 more than once."]);
});

test("a line may have 4096 bytes, without those that end it", () => {
  const lineOf = (bytes: number) => `SHA1(${"n".repeat(bytes - 48)})= ${sha1}`;
  assert.equal(lineOf(MANIFEST_LINE_BYTES_MAX).length, MANIFEST_LINE_BYTES_MAX);
  for (const end of ["", "\n", "\r\n"])
    assert.equal(linesOf(lineOf(MANIFEST_LINE_BYTES_MAX) + end).length, 1);
  const said = "The line is longer than 4096 bytes.";
  assertWrong(lineOf(MANIFEST_LINE_BYTES_MAX + 1), said);
  assertWrong(lineOf(50_000), said);
  assert.deepEqual(read(lineOf(MANIFEST_LINE_BYTES_MAX + 1)).texts, [`x.mf:1: ${said}`]);
});

test("there may be 10,000 lines", () => {
  const line = `SHA1(a)= ${sha1}\n`;
  const last = `SHA1(z)= ${sha1}`;
  assert.equal(read("\n".repeat(MANIFEST_LINES_MAX - 1) + last).manifest?.lines.length, 1);
  const more = read(line + "\n".repeat(MANIFEST_LINES_MAX - 1) + last);
  assert.deepEqual(more.texts, ["x.mf:10001: The manifest has more than 10000 lines."]);
  assert.equal(more.manifest, null);
});

test("a manifest may have a mebibyte", () => {
  const bytes = new Uint8Array(MANIFEST_BYTES_MAX + 1).fill(0x23);
  for (let at = 1000; at < bytes.length; at += 1000) bytes[at] = 0x0a;
  assert.deepEqual(readAll(bytes.subarray(0, MANIFEST_BYTES_MAX)).texts, []);
  const more = readAll(bytes);
  assert.deepEqual(more.texts, ["x.mf: The manifest is larger than 1048576 bytes."]);
  assert.equal(more.manifest, null);
});

test("law: any bytes are read without an exception, the same however they are cut", () => {
  const words = ["SHA256", "(", ")", "=", " ", "\r", "\n", sha256, sha1, "#", "\ufeff", "n"];
  const texts = fc
    .array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 5 })), { maxLength: 60 })
    .map((all) => new TextEncoder().encode(all.join("")));
  fc.assert(
    fc.property(
      fc.oneof(texts, fc.uint8Array({ maxLength: 300 })),
      fc.integer({ min: 1, max: 20 }),
      (bytes, piece) =>
        assert.deepEqual(readBytes(bytes, piece), readBytes(bytes, Math.max(1, bytes.length))),
    ),
    { numRuns: 300 },
  );
});

test("law: a line that is written reads back", () => {
  const name = fc
    .string({ minLength: 1, maxLength: 40, unit: "grapheme" })
    .filter((text) => !/[\r\n]/.test(text));
  fc.assert(
    fc.property(name, fc.constantFrom(sha1, sha256, sha512), (written, digest) => {
      const word = digest === sha1 ? "SHA1" : digest === sha256 ? "SHA256" : "SHA512";
      assert.deepEqual(linesOf(`${word}(${written})= ${digest}`), [
        `1 ${word} ${written} ${digest}`,
      ]);
    }),
    { numRuns: 200 },
  );
});
