import assert from "node:assert/strict";
import { test } from "node:test";
import { DescriptorReader } from "@contentlib/ovf";
import { envelopeText } from "@contentlib/testkit/ovf/envelope-text";
import { factsOf } from "./facts-of.ts";

const KIB = 1024;

/** The facts of a machine with so many licences of so many characters. */
const factsWith = (licences: number, characters: number, letter = "x") => {
  const one = `<EulaSection><Info>i</Info><License>${letter.repeat(characters)}</License></EulaSection>`;
  const reader = new DescriptorReader("vm.ovf", () => {});
  const systems = `<VirtualSystem ovf:id="vm"><Info>i</Info>${one.repeat(licences)}</VirtualSystem>`;
  reader.write(Buffer.from(envelopeText({ systems })));
  return factsOf(reader.end()?.facts ?? assert.fail());
};

test("facts that fit are kept whole", () => {
  const facts = factsWith(3, 60 * KIB);
  assert.deepEqual(
    facts.licences.map(({ length }) => length),
    [60 * KIB, 60 * KIB, 60 * KIB],
  );
});

test("all facts together are bounded, in bytes; what tells what the machine is stays", () => {
  for (const letter of ["x", "\u00e9"]) {
    const facts = factsWith(500, 5 * KIB, letter);
    assert.equal(facts.systems.length, 1);
    const bytes = Buffer.byteLength(JSON.stringify(facts));
    assert.ok(bytes < 258 * KIB && bytes > 240 * KIB, `${bytes} bytes`);
  }
});
