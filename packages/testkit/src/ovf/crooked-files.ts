import { gzipSync } from "node:zlib";
import type { EnvelopeAttributes } from "./envelope-text.ts";
import { envelopeText } from "./envelope-text.ts";
import type { PackageRecipe, RecipePair } from "./package-recipe.ts";
import {
  archive,
  archiveWith,
  descriptorText,
  DISK,
  DISK_FILE,
  folder,
  OTHER_FILE,
} from "./sound-package.ts";

const CHUNK_BYTES = 300;
const chunkName = (number: number): string => `disk.vmdk.${String(number).padStart(9, "0")}`;

/** An archive whose disk is in pieces of these sizes; null leaves a piece out. */
const chunked = (sizes: readonly (number | null)[], file: EnvelopeAttributes = {}) => {
  const descriptor = envelopeText({
    files: [{ id: "f", href: "disk.vmdk", chunkSize: CHUNK_BYTES, ...file }],
  });
  const chunks = sizes.flatMap((bytes, number) =>
    bytes === null ? [] : [[chunkName(number), Buffer.alloc(bytes, 1)] as const],
  );
  return archive({ "x.ovf": descriptor, ...Object.fromEntries(chunks) });
};

const disk = (content: string | Uint8Array, file: EnvelopeAttributes = {}) =>
  archiveWith({
    "x.ovf": descriptorText({ files: [{ ...DISK_FILE, size: undefined, ...file }] }),
    "disk.vmdk": content,
  });

const DESCRIPTOR = descriptorText();

/** Each code of files and of which there are, and the oddest that does not raise it. */
export const filePairs = (): readonly RecipePair[] => [
  {
    code: "file.missing",
    crooked: archive({ "x.ovf": DESCRIPTOR }),
    inside: archive({ "x.ovf": DESCRIPTOR, "disk.vmdk": DISK }),
  },
  {
    code: "file.case_differs",
    crooked: archive({ "x.ovf": DESCRIPTOR, "Disk.vmdk": DISK }),
    inside: archive({ "x.ovf": DESCRIPTOR, "disk.vmdk": DISK }),
  },
  {
    code: "file.size_differs",
    crooked: archiveWith({ "disk.vmdk": DISK.subarray(1) }),
    inside: archiveWith({}),
  },
  {
    code: "file.chunk_gap",
    crooked: chunked([CHUNK_BYTES, null, CHUNK_BYTES]),
    inside: chunked([CHUNK_BYTES, CHUNK_BYTES, CHUNK_BYTES]),
    also: ["file.surplus"],
  },
  {
    code: "file.chunk_size_differs",
    crooked: chunked([CHUNK_BYTES, CHUNK_BYTES + 1]),
    inside: chunked([CHUNK_BYTES, CHUNK_BYTES]),
  },
  { code: "file.empty_disk", crooked: disk(""), inside: disk("1") },
  {
    code: "file.not_as_compressed",
    crooked: disk("no gzip", { compression: "gzip" }),
    inside: disk(gzipSync("a disk"), { compression: "gzip" }),
  },
  {
    code: "file.surplus",
    crooked: archiveWith({ "readme.txt": "Read me." }),
    inside: archiveWith({ "x.mf": "", "disk.vmdk": DISK }),
    insideRaises: ["manifest.empty", "manifest.file_uncovered"],
  },
  {
    code: "file.not_plain",
    crooked: () => [
      { name: "x.ovf", parts: [DESCRIPTOR] },
      { name: "disk.vmdk", linkTo: "/etc/passwd" },
    ],
    inside: () => [
      { name: "x.ovf", parts: [DESCRIPTOR] },
      { name: "disk.vmdk", linkTo: "disk-1.vmdk" },
      { name: "disk-1.vmdk", parts: [DISK] },
    ],
  },
  {
    code: "name.twice",
    crooked: folder(descriptorText({ files: [DISK_FILE, { id: "g", href: "Disk.vmdk" }] }), {
      "Disk.vmdk": DISK,
    }),
    inside: folder(descriptorText({ files: [DISK_FILE, OTHER_FILE] }), { "Disk.vmdk": DISK }),
  },
  {
    code: "descriptor.missing",
    crooked: archive({ "x.xml": DESCRIPTOR, "disk.vmdk": DISK }),
    inside: archive({ "x.OVF": DESCRIPTOR, "disk.vmdk": DISK }),
  },
  {
    code: "descriptor.several",
    crooked: archiveWith({ "y.ovf": DESCRIPTOR }),
    inside: archiveWith({ "y.ovf.bak": DESCRIPTOR }),
    insideRaises: ["file.surplus"],
  },
];

/** Packages whose files are odd, and that are not refused for it. */
export const oddPackages = (): readonly PackageRecipe[] => [
  {
    name: "a zero-byte disk in a folder",
    raises: ["file.empty_disk"],
    files: folder(descriptorText({ files: [{ ...DISK_FILE, size: 0 }] }), { "disk.vmdk": "" }),
  },
  {
    name: "a last chunk that is too short by the size of the whole",
    raises: ["file.chunk_size_differs"],
    files: chunked([CHUNK_BYTES, 1], { size: CHUNK_BYTES + 2 }),
  },
  {
    name: "a link in a ring",
    raises: ["file.not_plain"],
    files: () => [
      { name: "x.ovf", parts: [DESCRIPTOR] },
      { name: "disk.vmdk", linkTo: "disk.vmdk" },
    ],
  },
  {
    name: "files in an archive that nothing describes",
    raises: ["descriptor.missing"],
    files: archive({ "a.vmdk": DISK, "b.vmdk": DISK }),
  },
];
