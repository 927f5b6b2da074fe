import {
  ATTRIBUTE_CHARACTERS_MAX,
  ATTRIBUTES_PER_ELEMENT_MAX,
  CHUNKS_MAX,
  COMMENT_CHARACTERS_MAX,
  DESCRIPTOR_BYTES_MAX,
  DISK_ENTRIES_MAX,
  ELEMENT_DEPTH_MAX,
  ELEMENTS_MAX,
  FILE_ENTRIES_MAX,
  type FindingCode,
  TEXT_CHARACTERS_MAX,
} from "@contentlib/ovf";
import { type EnvelopeAttributes, envelopeAround, envelopeText, OVF_1 } from "./envelope-text.ts";
import type { PackageRecipe, RecipePair } from "./package-recipe.ts";
import { descriptorText, DISK_FILE, folder, OTHER, OTHER_FILE } from "./sound-package.ts";

const SOUND = descriptorText();

/** A pair of descriptors that lie beside their files. */
const texts = (
  code: FindingCode,
  crooked: string | Uint8Array,
  inside: string | Uint8Array = SOUND,
): RecipePair => ({ code, crooked: folder(crooked), inside: folder(inside) });

/** A pair of References with one File more. */
const files = (
  code: FindingCode,
  crooked: EnvelopeAttributes,
  inside: EnvelopeAttributes = OTHER_FILE,
): RecipePair =>
  texts(
    code,
    descriptorText({ files: [DISK_FILE, crooked] }),
    descriptorText({ files: [DISK_FILE, inside] }),
  );

/** A pair with one Disk more. */
const disks = (
  code: FindingCode,
  crooked: EnvelopeAttributes,
  inside: EnvelopeAttributes,
): RecipePair => {
  const base = { diskId: "d", fileRef: "f", capacity: 1 };
  return texts(
    code,
    descriptorText({ disks: [base, crooked] }),
    descriptorText({ disks: [base, inside] }),
  );
};

const sections = (code: FindingCode, crooked: string, inside: string): RecipePair =>
  texts(code, descriptorText({ sections: crooked }), descriptorText({ sections: inside }));

const nested = (depth: number): string => "<a>".repeat(depth) + "</a>".repeat(depth);
const attributes = (count: number): string =>
  `<a ${Array.from({ length: count }, (_, n) => `b${n}=""`).join(" ")}/>`;
const elements = (count: number): string =>
  envelopeText({ sections: "<a/>".repeat(count), systems: "<VirtualSystem/>" });
const manyFiles = (count: number): string =>
  envelopeText({ files: Array.from({ length: count }, (_, n) => ({ id: n, href: `f${n}` })) });
const manyDisks = (count: number): string =>
  envelopeText({ disks: Array.from({ length: count }, (_, n) => ({ diskId: n, capacity: 1 })) });
const nvram = (value: string): string =>
  descriptorText({
    systems:
      '<VirtualSystem ovf:id="vm"><Info/><VirtualHardwareSection><Info/>' +
      `<vmw:ExtraConfig vmw:key="nvram" vmw:value="${value}"/></VirtualHardwareSection></VirtualSystem>`,
  });

/** A sound descriptor, filled up with blanks to so many bytes. */
const filled = (bytes: number): Uint8Array => {
  const text = Buffer.alloc(bytes, " ");
  text.write(SOUND);
  return text;
};

/** Each code of descriptors, and the largest or oddest that does not raise it. */
export const descriptorPairs = (): readonly RecipePair[] => [
  texts("descriptor.too_large", filled(DESCRIPTOR_BYTES_MAX + 1), filled(DESCRIPTOR_BYTES_MAX)),
  texts(
    "descriptor.encoding",
    SOUND.replace("UTF-8", "UTF-32"),
    Buffer.from(`\ufeff${SOUND.replace("UTF-8", "UTF-16")}`, "utf16le"),
  ),
  texts("descriptor.not_well_formed", SOUND.replace("</Envelope>", "</Envelop>")),
  texts(
    "descriptor.doctype",
    SOUND.replace("?>", "?><!DOCTYPE Envelope>"),
    SOUND.replace("?>", "?><!-- <!DOCTYPE Envelope> -->"),
  ),
  sections("descriptor.too_deep", nested(ELEMENT_DEPTH_MAX), nested(ELEMENT_DEPTH_MAX - 1)),
  texts("descriptor.too_many_elements", elements(ELEMENTS_MAX - 2), elements(ELEMENTS_MAX - 3)),
  sections(
    "descriptor.too_many_attributes",
    attributes(ATTRIBUTES_PER_ELEMENT_MAX + 1),
    attributes(ATTRIBUTES_PER_ELEMENT_MAX),
  ),
  sections(
    "descriptor.attribute_too_long",
    `<a b="${"x".repeat(ATTRIBUTE_CHARACTERS_MAX + 1)}"/>`,
    `<a b="${"x".repeat(ATTRIBUTE_CHARACTERS_MAX)}"/>`,
  ),
  texts(
    "descriptor.comment_too_long",
    `${SOUND}<!--${"x".repeat(COMMENT_CHARACTERS_MAX + 1)}-->`,
    `${SOUND}<!--${"x".repeat(COMMENT_CHARACTERS_MAX)}-->`,
  ),
  sections(
    "descriptor.text_too_long",
    `<a>${"x".repeat(TEXT_CHARACTERS_MAX + 1)}</a>`,
    `<a>${"x".repeat(TEXT_CHARACTERS_MAX)}</a>`,
  ),
  {
    ...texts(
      "descriptor.too_many_files",
      manyFiles(FILE_ENTRIES_MAX + 1),
      manyFiles(FILE_ENTRIES_MAX),
    ),
    insideRaises: ["file.missing"],
  },
  texts("descriptor.too_many_disks", manyDisks(DISK_ENTRIES_MAX + 1), manyDisks(DISK_ENTRIES_MAX)),
  texts("descriptor.namespace", SOUND.replaceAll(OVF_1, "urn:x")),
  texts(
    "descriptor.no_references",
    envelopeAround("<VirtualSystem/>"),
    envelopeAround("<References/><VirtualSystem/>"),
  ),
  texts(
    "descriptor.references_twice",
    envelopeAround("<References/><References/><VirtualSystem/>"),
    envelopeAround("<References/><VirtualSystem/>"),
  ),
  texts(
    "descriptor.no_system",
    descriptorText({ systems: "" }),
    descriptorText({ systems: "<VirtualSystemCollection/>" }),
  ),
  files("descriptor.file_without_id", { href: "b.bin" }),
  files("descriptor.file_id_twice", { id: "f", href: "b.bin" }),
  files("descriptor.file_without_href", { id: "g" }),
  files("descriptor.href_twice", { id: "g", href: "disk.vmdk" }),
  files("descriptor.href_refused", { id: "g", href: "../b.bin" }, { id: "g", href: "./b%2Ebin" }),
  files("descriptor.href_remote", { id: "g", href: "http://127.0.0.1/b.bin" }),
  texts("descriptor.nvram_refused", nvram("../b.bin"), nvram("b.bin")),
  files(
    "descriptor.size_refused",
    { ...OTHER_FILE, size: "-5" },
    { ...OTHER_FILE, size: OTHER.length },
  ),
  files(
    "descriptor.chunk_size_refused",
    { ...OTHER_FILE, chunkSize: 0 },
    { ...OTHER_FILE, chunkSize: undefined },
  ),
  {
    ...files(
      "descriptor.too_many_chunks",
      { id: "g", href: "c", size: CHUNKS_MAX + 1, chunkSize: 1 },
      { id: "g", href: "c", size: CHUNKS_MAX, chunkSize: 1 },
    ),
    insideRaises: ["file.missing"],
  },
  files(
    "descriptor.compression_unknown",
    { ...OTHER_FILE, compression: "bzip2" },
    { ...OTHER_FILE, compression: "identity" },
  ),
  disks("descriptor.disk_without_id", { capacity: 1 }, { diskId: "e", capacity: 1 }),
  disks("descriptor.disk_id_twice", { diskId: "d", capacity: 1 }, { diskId: "D", capacity: 1 }),
  disks(
    "descriptor.disk_file_unknown",
    { diskId: "e", fileRef: "F", capacity: 1 },
    { diskId: "e", fileRef: "f", capacity: 1 },
  ),
  disks(
    "descriptor.disk_parent_unknown",
    { diskId: "e", parentRef: "z", capacity: 1 },
    { diskId: "e", parentRef: "d", capacity: 1 },
  ),
  disks(
    "descriptor.disk_cycle",
    { diskId: "e", parentRef: "e", capacity: 1 },
    { diskId: "e", parentRef: "d", capacity: 1 },
  ),
  disks(
    "descriptor.capacity_refused",
    { diskId: "e", capacity: 1, capacityAllocationUnits: "byte * 2^71" },
    { diskId: "e", capacity: 1, capacityAllocationUnits: "byte * 2^70" },
  ),
  disks(
    "descriptor.number_refused",
    { diskId: "e", capacity: 1, populatedSize: "-1" },
    { diskId: "e", capacity: 1, populatedSize: 0 },
  ),
  sections(
    "descriptor.section_without_info",
    "<NetworkSection/>",
    "<NetworkSection><Info/></NetworkSection>",
  ),
];

const GIB = 1024 ** 3;

const bomb = (): string => {
  const entities = Array.from(
    { length: 10 },
    (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`,
  ).join("");
  return SOUND.replace(
    "?>",
    `?><!DOCTYPE Envelope [<!ENTITY e0 "laugh">${entities}]><!-- -->`,
  ).replace("A machine", "&e10;");
};

const withDoctype = (inside: string): string => SOUND.replace("?>", `?><!DOCTYPE ${inside}>`);

/** Descriptors as attackers write them. */
export const hostileDescriptors = (): readonly PackageRecipe[] => [
  { name: "a bomb of entities", raises: ["descriptor.doctype"], files: folder(bomb()) },
  {
    name: "an external entity",
    raises: ["descriptor.doctype"],
    files: folder(withDoctype('e [<!ENTITY x SYSTEM "file:///etc/passwd">]')),
  },
  {
    name: "an external document type",
    raises: ["descriptor.doctype"],
    files: folder(withDoctype('e SYSTEM "http://127.0.0.1/x.dtd"')),
  },
  {
    name: "an entity that is not declared",
    raises: ["descriptor.not_well_formed"],
    files: folder(SOUND.replace("A machine", "&x;")),
  },
  {
    name: "a descriptor of one gibibyte",
    raises: ["descriptor.too_large"],
    files: () => [{ name: "x.ovf", parts: [filled(DESCRIPTOR_BYTES_MAX + 1), { holeBytes: GIB }] }],
  },
  {
    name: "one hundred thousand references",
    raises: ["descriptor.too_many_files"],
    files: folder(manyFiles(100_000)),
  },
  {
    name: "names of prototypes",
    raises: ["file.missing"],
    files: folder(descriptorText({ files: [DISK_FILE, { id: "__proto__", href: "constructor" }] })),
  },
  { name: "no bytes at all", raises: ["descriptor.not_well_formed"], files: folder("") },
  {
    name: "a descriptor of random bytes",
    raises: ["descriptor.encoding"],
    files: folder(Uint8Array.from({ length: 4096 }, (_, at) => (at * 167 + 129) & 0xff)),
  },
];
