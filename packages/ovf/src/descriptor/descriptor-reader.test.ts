import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type EnvelopeAttributes,
  envelopeAround,
  type EnvelopeFields,
  envelopeText,
  OVF_1,
} from "@contentlib/testkit/ovf/envelope-text";
import { textOf } from "../finding-text.ts";
import type { Finding } from "../finding.ts";
import {
  ATTRIBUTE_CHARACTERS_MAX,
  ATTRIBUTES_PER_ELEMENT_MAX,
  CHUNKS_MAX,
  DESCRIPTOR_BYTES_MAX,
  DISK_ENTRIES_MAX,
  ELEMENT_DEPTH_MAX,
  ELEMENTS_MAX,
  FILE_ENTRIES_MAX,
  TEXT_CHARACTERS_MAX,
} from "../limits.ts";
import type { Descriptor } from "./descriptor.ts";
import { DescriptorReader } from "./descriptor-reader.ts";

interface Read {
  readonly descriptor: Descriptor | null;
  readonly findings: readonly Finding[];
}

const readBytes = (bytes: Uint8Array, pieceBytes = bytes.length): Read => {
  const findings: Finding[] = [];
  const reader = new DescriptorReader("a.ovf", (finding) => findings.push(finding));
  for (let at = 0; at < bytes.length; at += pieceBytes)
    reader.write(bytes.subarray(at, at + pieceBytes));
  return { descriptor: reader.end(), findings };
};

const read = (text: string): Read => readBytes(new TextEncoder().encode(text));
const readEnvelope = (fields: EnvelopeFields): Read => read(envelopeText(fields));
const textsOf = ({ findings }: Read): readonly string[] => findings.map(textOf);

/** Asserts that reading found one thing alone, told as this line. */
const assertOnly = (result: Read, line: string): void => assert.deepEqual(textsOf(result), [line]);
const assertSound = (result: Read): Descriptor => {
  assert.deepEqual(textsOf(result), []);
  assert.ok(result.descriptor);
  return result.descriptor;
};

const FILE: EnvelopeAttributes = { id: "file1", href: "disk1.vmdk", size: 1024 };
const DISK: EnvelopeAttributes = { diskId: "d1", fileRef: "file1", capacity: 1 };

describe("references", () => {
  test("files are read with their names, sizes and lines", () => {
    const { files, fileName } = assertSound(
      readEnvelope({
        files: [
          FILE,
          { id: "file2", href: "my%20disk.vmdk", compression: "gzip" },
          { id: "file3", href: "c.vmdk", size: 25, chunkSize: 10, compression: "identity" },
        ],
      }),
    );
    assert.equal(fileName, "a.ovf");
    const whole = { chunkBytes: null, compression: "identity" };
    assert.deepEqual(files, [
      { ...whole, id: "file1", href: "disk1.vmdk", name: "disk1.vmdk", sizeBytes: 1024, line: 4 },
      {
        ...whole,
        id: "file2",
        href: "my%20disk.vmdk",
        name: "my disk.vmdk",
        sizeBytes: null,
        compression: "gzip",
        line: 5,
      },
      {
        ...whole,
        id: "file3",
        href: "c.vmdk",
        name: "c.vmdk",
        sizeBytes: 25,
        chunkBytes: 10,
        line: 6,
      },
    ]);
  });

  const faults: readonly (readonly [EnvelopeAttributes, string])[] = [
    [{ href: "b" }, "A File of the References has no id."],
    [{ id: "file1", href: "b" }, "Two Files of the References have the id file1."],
    [{ id: "b" }, "The File b has no href."],
    [{ id: "b", href: "" }, "The File b has no href."],
    [{ id: "b", href: "disk1.vmdk" }, "Two Files of the References have the href disk1.vmdk."],
    [{ id: "b", href: "disk%31.vmdk" }, "Two Files of the References have the href disk%31.vmdk."],
    [{ id: "b", href: "../b" }, "The href ../b does not name a file beside the descriptor."],
    [{ id: "b", href: "http://h/b" }, "The href http://h/b is an address; it is not fetched."],
    [{ id: "b", href: "b", size: "-2" }, "The size -2 of the File b is no number of bytes."],
    [{ id: "b", href: "b", size: "1e3" }, "The size 1e3 of the File b is no number of bytes."],
    [
      { id: "b", href: "b", chunkSize: 0 },
      "The chunkSize 0 of the File b is no number of bytes above zero.",
    ],
    [
      { id: "b", href: "b", compression: "bzip2" },
      "The compression bzip2 of the File b is not known.",
    ],
    [
      { id: "b", href: "b", size: CHUNKS_MAX + 1, chunkSize: 1 },
      `The File b has ${CHUNKS_MAX + 1} chunks; ${CHUNKS_MAX} are allowed for all files together.`,
    ],
  ];

  for (const [attributes, said] of faults)
    test(said, () => {
      const result = readEnvelope({ files: [FILE, attributes] });
      assertOnly(result, `a.ovf:5:5: ${said}`);
      assert.ok(result.descriptor);
    });

  test("files that lead elsewhere, or to too many chunks, have no name", () => {
    const { descriptor } = readEnvelope({
      files: [
        { id: "a", href: "../a" },
        { id: "b", href: "http://h/b" },
        { id: "c", href: "c", size: CHUNKS_MAX + 1, chunkSize: 1 },
      ],
    });
    assert.deepEqual(
      descriptor?.files.map(({ name }) => name),
      [null, null, null],
    );
  });

  test("chunks count over all files, up to the limit", () => {
    const half = { size: CHUNKS_MAX / 2, chunkSize: 1 };
    const files = [
      { id: "a", href: "a", ...half },
      { id: "b", href: "b", ...half },
    ];
    assertSound(readEnvelope({ files }));
    const more = readEnvelope({ files: [...files, { id: "c", href: "c", chunkSize: 1 }] });
    assert.equal(more.findings[0]?.code, "descriptor.too_many_chunks");
  });

  test("as many files as are allowed are read, and one more stops the reading", () => {
    const files = Array.from({ length: FILE_ENTRIES_MAX }, (_, n) => ({ id: n, href: `f${n}` }));
    assertSound(readEnvelope({ files }));
    const result = readEnvelope({ files: [...files, { id: "x", href: "x" }] });
    assertOnly(result, "a.ovf:1004:5: The descriptor names more than 1000 files.");
    assert.equal(result.descriptor, null);
  });

  test("there is one References section", () => {
    const system = "<VirtualSystem/>";
    assertOnly(read(envelopeAround(system)), "a.ovf: The descriptor has no References section.");
    assertOnly(
      read(envelopeAround(`<References/>\n<References/>${system}`)),
      "a.ovf:4:1: The descriptor has more than one References section.",
    );
    assertSound(read(envelopeAround(`<References/>${system}`)));
  });
});

describe("disks", () => {
  const faults: readonly (readonly [EnvelopeAttributes, string])[] = [
    [{ capacity: 1 }, "A Disk has no diskId."],
    [{ diskId: "d1", capacity: 1 }, "Two Disks have the diskId d1."],
    [
      { diskId: "b", fileRef: "x", capacity: 1 },
      "The Disk b refers to the File x, which the References do not have.",
    ],
    [
      { diskId: "b", parentRef: "x", capacity: 1 },
      "The Disk b has the parent x, which is no Disk.",
    ],
    [{ diskId: "b", parentRef: "b", capacity: 1 }, "The Disk b is its own ancestor."],
    [
      { diskId: "b" },
      "The capacity (nothing) of the Disk b is no number above zero, or its unit is not known.",
    ],
    [
      { diskId: "b", capacity: 0 },
      "The capacity 0 of the Disk b is no number above zero, or its unit is not known.",
    ],
    [
      { diskId: "b", capacity: "9223372036854775809" },
      "The capacity 9223372036854775809 of the Disk b is no number above zero, or its unit is not known.",
    ],
    [
      { diskId: "b", capacity: 1, capacityAllocationUnits: "byte * 2^71" },
      "The capacity 1 byte * 2^71 of the Disk b is no number above zero, or its unit is not known.",
    ],
    [
      { diskId: "b", capacity: 1, populatedSize: "-1" },
      "populatedSize of the Disk b is -1, which is no number.",
    ],
  ];

  for (const [attributes, said] of faults)
    test(said, () =>
      assertOnly(readEnvelope({ files: [FILE], disks: [DISK, attributes] }), `a.ovf:9:5: ${said}`),
    );

  test("capacities are told in bytes, whatever their unit", () => {
    const capacity = (attributes: EnvelopeAttributes): string | null | undefined =>
      assertSound(readEnvelope({ disks: [{ diskId: "d", ...attributes }] })).facts.disks[0]
        ?.capacityBytes;
    assert.equal(capacity({ capacity: 8, capacityAllocationUnits: "byte * 2^30" }), "8589934592");
    assert.equal(capacity({ capacity: 329197568 }), "329197568");
    assert.equal(
      capacity({ capacity: 1, capacityAllocationUnits: "byte * 2^70" }),
      String(2n ** 70n),
    );
    assert.equal(capacity({ capacity: "${size}", capacityAllocationUnits: "byte * 2^30" }), null);
  });

  test("a disk knows its file, its parent and its format", () => {
    const { facts } = assertSound(
      readEnvelope({
        files: [FILE],
        disks: [
          { ...DISK, format: "urn:vmdk" },
          { diskId: "d2", parentRef: "d1", capacity: 2 },
        ],
      }),
    );
    assert.deepEqual(facts.disks, [
      { id: "d1", fileId: "file1", parentId: null, capacityBytes: "1", format: "urn:vmdk" },
      { id: "d2", fileId: null, parentId: "d1", capacityBytes: "2", format: null },
    ]);
  });

  test("each ring of parents is told once, and a long line of them is none", () => {
    const disk = (diskId: number, parentRef?: number) => ({ diskId, parentRef, capacity: 1 });
    const rings = readEnvelope({
      disks: [disk(0, 1), disk(1, 2), disk(2, 1), disk(3, 4), disk(4, 3), disk(5, 0)],
    });
    assert.deepEqual(
      rings.findings.map(({ code, subject }) => [code, subject]),
      [
        ["descriptor.disk_cycle", "1"],
        ["descriptor.disk_cycle", "3"],
      ],
    );
    const disks = Array.from({ length: DISK_ENTRIES_MAX }, (_, n) => disk(n, n + 1));
    disks[DISK_ENTRIES_MAX - 1] = disk(DISK_ENTRIES_MAX - 1);
    assertSound(readEnvelope({ disks }));
    assert.equal(
      readEnvelope({ disks: [...disks, disk(-1)] }).findings[0]?.code,
      "descriptor.too_many_disks",
    );
  });
});

describe("envelopes", () => {
  const systemOnly = "<References/><VirtualSystem/>";

  test("each version is told by its namespace", () => {
    for (const [namespace, version] of [
      ["http://www.vmware.com/schema/ovf/1/envelope", "0.9"],
      [OVF_1, "1"],
      ["http://schemas.dmtf.org/ovf/envelope/2", "2"],
    ] as const)
      assert.equal(assertSound(read(envelopeAround(systemOnly, namespace))).facts.version, version);
  });

  test("prefixes do not matter, and attributes may have none", () => {
    const text = `<o:Envelope xmlns:o="${OVF_1}"><o:References><o:File id="f" href="x"/>
      </o:References><o:VirtualSystem o:id="v"/></o:Envelope>`;
    const { files, facts } = assertSound(read(text));
    assert.deepEqual([files[0]?.id, files[0]?.name, facts.systems[0]?.id], ["f", "x", "v"]);
  });

  test("other roots and namespaces are refused", () => {
    assertOnly(
      read('<Envelope xmlns="urn:x"/>'),
      "a.ovf:1:1: The root element is Envelope of urn:x, not an Envelope of a known OVF version.",
    );
    assertOnly(
      read("<HTML></HTML>"),
      "a.ovf:1:1: The root element is HTML, not an Envelope of a known OVF version.",
    );
    assert.equal(read("<Envelope/>").descriptor, null);
  });

  test("elements of other namespaces are passed over with all that is in them", () => {
    const { files } = assertSound(
      read(envelopeAround(`<x:References xmlns:x="urn:x"><File/></x:References>${systemOnly}`)),
    );
    assert.deepEqual(files, []);
  });

  test("there must be a system, alone or in a collection", () => {
    assertOnly(readEnvelope({ systems: "" }), "a.ovf: The descriptor describes no virtual system.");
    assertSound(readEnvelope({ systems: "<VirtualSystemCollection/>" }));
  });

  test("a section without Info is noted with its place", () => {
    assertOnly(
      readEnvelope({ sections: "<NetworkSection\n/>\n" }),
      "a.ovf:5: The section NetworkSection has no Info.",
    );
  });
});

describe("limits and what is not well-formed", () => {
  const assertStops = (text: string, line: string): void => {
    const result = read(text);
    assertOnly(result, line);
    assert.equal(result.descriptor, null);
  };

  test("a descriptor of the largest size is read, and a byte more stops the reading", () => {
    const sound = new TextEncoder().encode(envelopeText());
    const bytes = new Uint8Array(DESCRIPTOR_BYTES_MAX + 1).fill(0x20);
    bytes.set(sound);
    assertSound(readBytes(bytes.subarray(0, DESCRIPTOR_BYTES_MAX)));
    for (const piece of [bytes.length, 100_000]) {
      const result = readBytes(bytes, piece);
      assertOnly(result, "a.ovf: The descriptor is larger than 5242880 bytes.");
      assert.equal(result.descriptor, null);
    }
  });

  test("elements may lie 64 deep", () => {
    const nested = (depth: number) =>
      envelopeText({ sections: "<a>".repeat(depth) + "</a>".repeat(depth) });
    assertSound(read(nested(ELEMENT_DEPTH_MAX - 1)));
    assertStops(
      nested(ELEMENT_DEPTH_MAX),
      "a.ovf:5:190: Elements lie within each other more than 64 deep.",
    );
  });

  test("there may be 200,000 elements", () => {
    const others = 3;
    const many = (count: number) =>
      envelopeText({ sections: "<a/>".repeat(count), systems: "<VirtualSystem/>" });
    assertSound(read(many(ELEMENTS_MAX - others)));
    assertStops(
      many(ELEMENTS_MAX - others + 1),
      "a.ovf:5:799995: The descriptor has more than 200000 elements.",
    );
  });

  test("an element may have 128 attributes", () => {
    const many = (count: number) =>
      envelopeText({
        sections: `<a ${Array.from({ length: count }, (_, n) => `b${n}=""`).join(" ")}/>`,
      });
    assertSound(read(many(ATTRIBUTES_PER_ELEMENT_MAX)));
    assertStops(
      many(ATTRIBUTES_PER_ELEMENT_MAX + 1),
      "a.ovf:5:1: The element a has more than 128 attributes.",
    );
  });

  test("an attribute may have 65,536 characters", () => {
    const long = (length: number) => envelopeText({ sections: `<a b="${"x".repeat(length)}"/>` });
    assertSound(read(long(ATTRIBUTE_CHARACTERS_MAX)));
    assertStops(
      long(ATTRIBUTE_CHARACTERS_MAX + 1),
      "a.ovf:5:1: The attribute b is longer than 65536 characters.",
    );
  });

  test("the text of an element may have 4 Mi characters, in however many parts", () => {
    const half = TEXT_CHARACTERS_MAX / 2;
    const long = (length: number) =>
      envelopeText({
        sections: `<a>${"x".repeat(half)}<!-- --><![CDATA[${"x".repeat(length - half)}]]></a>`,
      });
    assertSound(read(long(TEXT_CHARACTERS_MAX)));
    assert.deepEqual(
      read(long(TEXT_CHARACTERS_MAX + 1)).findings.map(({ code }) => code),
      ["descriptor.text_too_long"],
    );
  });

  test("a document type is refused at its first characters", () => {
    const laughs = '<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>';
    const said = "The descriptor has a document type declaration.";
    assertStops(`<?xml version="1.0"?>\n<!-- x -->  ${laughs}<a>&b;</a>`, `a.ovf:2:13: ${said}`);
    assertStops('<!DOCTYPE x SYSTEM "file:///etc/passwd', `a.ovf:1:1: ${said}`);
    for (const piece of [1, 7]) {
      const bytes = new TextEncoder().encode(`\n <!DOCTYPE x>${envelopeText()}`);
      assertOnly(readBytes(bytes, piece), `a.ovf:2:2: ${said}`);
    }
    assertSound(read(envelopeText().replace("?>", "?><!-- <!DOCTYPE x> -->")));
  });

  test("the first thing that is not well-formed ends it, with its place", () => {
    const said = "The descriptor is not well-formed XML:";
    assertStops("", `a.ovf:1:1: ${said} document must contain a root element.`);
    assertStops(
      envelopeAround("<References>\n</Reference>"),
      `a.ovf:4:12: ${said} unexpected close tag.`,
    );
    assertStops(
      envelopeAround("<x:References/>"),
      `a.ovf:3:15: ${said} unbound namespace prefix: "x".`,
    );
    assertStops(envelopeAround("&undefined;"), `a.ovf:3:11: ${said} undefined entity.`);
    assertStops(envelopeAround('<a b="" b=""/>'), `a.ovf:3:14: ${said} duplicate attribute: b.`);
    assertStops(envelopeText().slice(0, -5), `a.ovf:6:7: ${said} unclosed tag: Envelope`);
  });

  test("after the end of reading further bytes are passed over", () => {
    const findings: Finding[] = [];
    const reader = new DescriptorReader("a.ovf", (finding) => findings.push(finding));
    const rubbish = new Uint8Array(64 * 1024).fill(0x78);
    for (let n = 0; n < 16_384; n += 1) reader.write(rubbish);
    assert.equal(reader.end(), null);
    assert.equal(findings.length, 1);
  });
});
