import assert from "node:assert/strict";
import { test } from "node:test";
import { mendOf, textOf } from "./finding-text.ts";
import { NAME_BYTES_MAX, QUOTE_CHARACTERS_MAX } from "./limits.ts";
import { makeFinding } from "./make-finding.ts";
import { shownText } from "./shown-text.ts";

test("a finding is one line with its place before it, and what belongs into the sentence in it", () => {
  const details = { subject: "disk.vmdk", expected: 64, actual: 40 };
  const said = "The digest of disk.vmdk has 40 hexadecimal digits; 64 are expected.";
  const at = (place: { line: number; column?: number } | { offset: number } | null) =>
    textOf(makeFinding("manifest.digest_length", "x.mf", { ...details, place }));
  assert.equal(at({ line: 3 }), `x.mf:3: ${said}`);
  assert.equal(at({ line: 3, column: 7 }), `x.mf:3:7: ${said}`);
  assert.equal(at({ offset: 512 }), `x.mf@512: ${said}`);
  assert.equal(at(null), `x.mf: ${said}`);
});

test("each finding has a suggestion", () => {
  assert.equal(mendOf(makeFinding("manifest.file_twice", "x.mf")), "Keep one line for each file.");
});

test("braces in a name stay braces, and what is not told is said to be nothing", () => {
  const finding = makeFinding("descriptor.disk_file_unknown", "x.ovf", {
    subject: "{actual}{file}",
  });
  assert.equal(
    textOf(finding),
    "x.ovf: The Disk {actual}{file} refers to the File (nothing), which the References do not have.",
  );
});

test("what could forge a line or turn its direction is written out", () => {
  const hostile = "a\r\n\u001b[31m\u202eb\u2028c\ud800d\u200be";
  const shown = "a\\u{D}\\u{A}\\u{1B}[31m\\u{202E}b\\u{2028}c\\u{D800}d\\u{200B}e";
  assert.equal(shownText(hostile), shown);
  assert.equal(
    textOf(makeFinding("file.missing", hostile, { subject: hostile })),
    `${shown}: The file ${shown} is missing.`,
  );
  assert.equal(makeFinding("file.size_differs", "a", { actual: hostile }).actual, shown);
});

test("names and accents of people are shown as they are", () => {
  const name = "Prüfung 見本 🙂.vmdk";
  assert.equal(shownText(name), name);
});

test("a text is cut at the limit and not before it, and never within a character", () => {
  const fits = "x".repeat(QUOTE_CHARACTERS_MAX);
  assert.equal(shownText(fits), fits);
  assert.equal(shownText(`${fits}x`), `${fits.slice(1)}…`);
  const emoji = `${"x".repeat(QUOTE_CHARACTERS_MAX - 2)}🙂🙂`;
  assert.equal(shownText(emoji), `${"x".repeat(QUOTE_CHARACTERS_MAX - 2)}…`);
});

test("a finding keeps any acceptable name whole, and no text without a bound", () => {
  const name = "n".repeat(NAME_BYTES_MAX);
  const finding = makeFinding("file.missing", name, { subject: name, actual: "a".repeat(5000) });
  assert.deepEqual([finding.file, finding.subject], [name, name]);
  assert.equal(finding.actual?.length, QUOTE_CHARACTERS_MAX);
  assert.equal(makeFinding("file.missing", "f".repeat(5000)).file.length, NAME_BYTES_MAX);
});

test("to show what is shown changes nothing", () => {
  for (const text of ["\u202e".repeat(300), "a\u0000b", "\\u{202E}"])
    assert.equal(shownText(shownText(text)), shownText(text));
});
