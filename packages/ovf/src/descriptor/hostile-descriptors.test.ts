import assert from "node:assert/strict";
import { test } from "node:test";
import { envelopeText, OVF_1 } from "@contentlib/testkit/ovf/envelope-text";
import fc from "fast-check";
import type { Finding } from "../finding.ts";
import { COMMENT_CHARACTERS_MAX, DESCRIPTOR_BYTES_MAX } from "../limits.ts";
import type { Descriptor } from "./descriptor.ts";
import { DescriptorReader } from "./descriptor-reader.ts";

const read = (
  bytes: Uint8Array,
  pieceBytes: number,
): { readonly descriptor: Descriptor | null; readonly findings: readonly Finding[] } => {
  const findings: Finding[] = [];
  const reader = new DescriptorReader("a.ovf", (finding) => findings.push(finding));
  for (let at = 0; at < bytes.length; at += pieceBytes)
    reader.write(bytes.subarray(at, at + pieceBytes));
  return { descriptor: reader.end(), findings };
};

const assertReads = (bytes: Uint8Array, pieceBytes: number): void =>
  assert.deepEqual(read(bytes, pieceBytes), read(bytes, Math.max(1, bytes.length)));

const WORDS = [
  ..."<>/?!-[]&;=\"' \r\n\t:",
  "<?xml",
  "?>",
  "<!--",
  "-->",
  "<![CDATA[",
  "]]>",
  "<!DOCTYPE",
  "&#x0;",
  "&#1114112;",
  "&#xD800;",
  "&lt;",
  "&a;",
  "xmlns",
  "xmlns:xml",
  "xml:lang",
  `xmlns="${OVF_1}"`,
  `<Envelope xmlns="${OVF_1}">`,
  "</Envelope>",
  "<References>",
  "<File id='a' href='b'/>",
  "<VirtualSystem",
  "encoding='UTF-16'",
  'version="1.1"',
  "\u0085",
  "\u2028",
  "\ufeff",
  "🙂",
  "\u0000",
  "\uffff",
  "a",
];

const fragments = fc
  .array(
    fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...WORDS) }, fc.string({ maxLength: 4 })),
    {
      maxLength: 40,
    },
  )
  .map((all) => new TextEncoder().encode(all.join("")));

const sound = new TextEncoder().encode(
  envelopeText({
    files: [{ id: "f", href: "x.vmdk", size: 3, chunkSize: 2 }],
    disks: [{ diskId: "d", fileRef: "f", capacity: 3, capacityAllocationUnits: "byte * 2^30" }],
    sections:
      "<!-- c --><EulaSection><Info/><License>a&amp;b<![CDATA[c]]></License></EulaSection>\r\n",
  }),
);

/** A sound descriptor in which some bytes were overwritten. */
const mutated = fc
  .array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
  .map((changes) => {
    const bytes = sound.slice();
    for (const [at, byte] of changes) bytes[at] = byte;
    return bytes;
  });

test("law: any bytes end in findings, the same however they are cut", () => {
  fc.assert(
    fc.property(
      fc.oneof(fragments, mutated, fc.uint8Array({ maxLength: 200 })),
      fc.integer({ min: 1, max: 30 }),
      assertReads,
    ),
    { numRuns: 1500 },
  );
});

test("law: a descriptor that was cut is never read as a whole one", () => {
  const end = new TextDecoder().decode(sound).lastIndexOf("</Envelope>") + "</Envelope>".length;
  for (let length = 0; length < end; length += 1) {
    const { descriptor, findings } = read(sound.subarray(0, length), sound.length);
    assert.equal(descriptor, null);
    assert.equal(findings.length, 1);
  }
});

/** What is bad for readers of XML, in about as many bytes as are asked for. */
const HEAVY: Readonly<Record<string, (bytes: number) => string>> = {
  "siblings, some of them sections": (bytes) => "<a/><XSection/>".repeat(bytes / 15),
  "attributes at depth": (bytes) => "<a>".repeat(60) + '<b xml:c="" d=""/>'.repeat(bytes / 18),
  "long attributes": (bytes) => `<a b="${"&lt;".repeat(16_000)}"/>`.repeat(bytes / 64_000),
  "an endless attribute": (bytes) => `<a b="${"x".repeat(bytes)}`,
  "an endless name": (bytes) => `<${"a".repeat(bytes)}`,
  "an endless entity": (bytes) => `&${"a".repeat(bytes)}`,
  "an endless comment": (bytes) => `<!--${"- ".repeat(bytes / 2)}`,
  "character references": (bytes) => "&#65;".repeat(bytes / 5),
  "lines and brackets": (bytes) => "\r\n]]".repeat(bytes / 4),
  "CDATA sections": (bytes) => "<![CDATA[]]>".repeat(bytes / 12),
  instructions: (bytes) => "<?a ??>".repeat(bytes / 7),
};

/** Time of the processor that reading takes, in microseconds: unlike time of day, others do not add to it. */
const costOf = (text: string): number => {
  const bytes = new TextEncoder().encode(`<Envelope xmlns="${OVF_1}">${text}`);
  const costs = [1, 2].map(() => {
    const before = process.cpuUsage();
    read(bytes, 64 * 1024);
    return process.cpuUsage(before).user;
  });
  return Math.min(...costs);
};

const LARGE = DESCRIPTOR_BYTES_MAX / 4;
const RATIO = 16;
/** What is cheaper than this is not measured well. */
const FLOOR_MICROSECONDS = 20_000;

for (const [name, make] of Object.entries(HEAVY))
  test(`cost grows no faster than size: ${name}`, () => {
    const small = Math.max(FLOOR_MICROSECONDS, costOf(make(LARGE / RATIO)));
    const large = costOf(make(LARGE));
    // Were it quadratic, it would be 256 times as much.
    assert.ok(large < small * RATIO * 3, `${small} µs, then ${large} µs`);
  });

test("long comments and instructions are refused while they are gathered, in any pieces", () => {
  const framed = (inside: string, isOpen = false): Uint8Array =>
    new TextEncoder().encode(
      `<Envelope xmlns="${OVF_1}">${inside}${isOpen ? "" : "<References/></Envelope>"}`,
    );
  const codes = (bytes: Uint8Array, pieceBytes: number) =>
    read(bytes, pieceBytes).findings.map(({ code }) => code);
  for (const part of ["x", "\n", "- ", "? "]) {
    const long = part.repeat(COMMENT_CHARACTERS_MAX / part.length);
    for (const [opening, end] of [
      ["<!--", "-->"],
      ["<?x y", "?>"],
    ])
      for (const pieceBytes of [4099, 65_536, 2 ** 23]) {
        const at = [`${opening}${long}xx${end}`, `${opening}${long}${long}`] as const;
        assert.deepEqual(codes(framed(at[0]), pieceBytes), ["descriptor.comment_too_long"]);
        assert.deepEqual(codes(framed(at[1], true), pieceBytes), ["descriptor.comment_too_long"]);
        const inside = `${opening}${long.slice(2)}x${end}`;
        assert.ok(!codes(framed(inside), pieceBytes).includes("descriptor.comment_too_long"));
      }
  }
});
