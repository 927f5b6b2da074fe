import {
  type FindingCode,
  MANIFEST_BYTES_MAX,
  MANIFEST_LINE_BYTES_MAX,
  MANIFEST_LINES_MAX,
} from "@contentlib/ovf";
import type { PackageRecipe, RecipePair } from "./package-recipe.ts";
import {
  archiveWith,
  coveredContents,
  descriptorText,
  digestOf,
  DISK,
  folder,
  manifestText,
} from "./sound-package.ts";

const DESCRIPTOR = descriptorText();
const COVERED = manifestText({ "x.ovf": DESCRIPTOR, "disk.vmdk": DISK });
const DIGEST = digestOf(DISK);

const withManifest = (text: string | Uint8Array, name = "x.mf") => archiveWith({ [name]: text });

/** A pair of lines behind a manifest that covers everything. */
const lines = (code: FindingCode, crooked: string, inside = ""): RecipePair => ({
  code,
  crooked: withManifest(COVERED + crooked),
  inside: withManifest(COVERED + inside),
});

/** Lines that say nothing, up to so many bytes. */
const filled = (bytes: number): string => {
  const line = `#${"x".repeat(998)}\n`;
  const room = bytes - COVERED.length;
  return COVERED + line.repeat(room / line.length) + "\n".repeat(room % line.length);
};

const longLine = (bytes: number): string => `#${"x".repeat(bytes - 1)}\n`;
const ofDisk = (algorithm: string, digest: string): string =>
  `${manifestText({ "x.ovf": DESCRIPTOR })}${algorithm}(disk.vmdk)= ${digest}\n`;

/** A pair in which the line of the disk differs. */
const diskLines = (code: FindingCode, crooked: string, inside = COVERED): RecipePair => ({
  code,
  crooked: withManifest(crooked),
  inside: withManifest(inside),
});

/** Each code of manifests, and the largest or oddest that does not raise it. */
export const manifestPairs = (): readonly RecipePair[] => [
  {
    code: "manifest.several",
    crooked: archiveWith({ "x.mf": COVERED, "y.mf": "" }),
    inside: archiveWith({ "x.mf": COVERED, "y.mf.old": "" }),
    insideRaises: ["file.surplus"],
  },
  {
    code: "manifest.too_large",
    crooked: withManifest(filled(MANIFEST_BYTES_MAX + 1)),
    inside: withManifest(filled(MANIFEST_BYTES_MAX)),
  },
  lines(
    "manifest.too_many_lines",
    "\n".repeat(MANIFEST_LINES_MAX - 1),
    "\n".repeat(MANIFEST_LINES_MAX - 2),
  ),
  lines(
    "manifest.line_too_long",
    longLine(MANIFEST_LINE_BYTES_MAX + 1),
    longLine(MANIFEST_LINE_BYTES_MAX),
  ),
  lines("manifest.line_unreadable", "disk.vmdk is fine\n", "# disk.vmdk is fine\n"),
  {
    ...diskLines(
      "manifest.plain_sums",
      `${manifestText({ "x.ovf": DESCRIPTOR })}${DIGEST}  disk.vmdk\n`,
      `${manifestText({ "x.ovf": DESCRIPTOR })}SHA256 (disk.vmdk) = ${DIGEST}\n`,
    ),
    also: ["manifest.file_uncovered"],
  },
  {
    ...diskLines(
      "manifest.algorithm_unknown",
      ofDisk("MD5", "0".repeat(32)),
      ofDisk("sha2-256", DIGEST),
    ),
    also: ["manifest.file_uncovered"],
  },
  {
    ...diskLines(
      "manifest.digest_length",
      ofDisk("SHA256", DIGEST.slice(1)),
      ofDisk("SHA256", DIGEST.toUpperCase()),
    ),
    also: ["manifest.file_uncovered"],
  },
  lines("manifest.file_twice", `SHA256(disk.vmdk)= ${DIGEST}\n`),
  diskLines(
    "manifest.digest_differs",
    ofDisk("SHA256", DIGEST.replace(/^./, "x").replace("x", DIGEST.startsWith("0") ? "1" : "0")),
  ),
  lines("manifest.file_unknown", `SHA256(other.vmdk)= ${DIGEST}\n`),
  lines("manifest.covers_itself", `SHA256(x.mf)= ${DIGEST}\n`),
  diskLines("manifest.file_uncovered", manifestText({ "x.ovf": DESCRIPTOR })),
  {
    code: "manifest.empty",
    crooked: withManifest("# nothing\n"),
    inside: withManifest(manifestText({ "x.ovf": DESCRIPTOR })),
    also: ["manifest.file_uncovered"],
    insideRaises: ["manifest.file_uncovered"],
  },
  diskLines(
    "manifest.case_differs",
    manifestText({ "x.ovf": DESCRIPTOR, "DISK.vmdk": DISK }),
    manifestText({ "./x.ovf": DESCRIPTOR, "././disk.vmdk": DISK }),
  ),
  {
    code: "manifest.named_otherwise",
    crooked: withManifest(COVERED, "manifest.mf"),
    inside: withManifest(COVERED, "x.MF"),
  },
  diskLines(
    "manifest.weak_algorithm",
    ofDisk("SHA1", digestOf(DISK, "SHA1")),
    ofDisk("SHA512", digestOf(DISK, "SHA512")),
  ),
];

/** Manifests of the wild that are right, and some that lie. */
export const oddManifests = (): readonly PackageRecipe[] => [
  {
    name: "lines that end as in Windows, with a mark before the first",
    raises: [],
    files: withManifest(`\ufeff${COVERED.replaceAll("\n", "\r\n")}`),
  },
  {
    name: "a manifest behind the disk",
    raises: [],
    files: archiveWith({ "disk.vmdk": DISK, "x.mf": COVERED }),
  },
  {
    name: "a flipped bit in the disk",
    raises: ["manifest.digest_differs"],
    files: archiveWith({
      ...coveredContents(),
      "disk.vmdk": Buffer.from(DISK).fill(DISK[0]! ^ 1, 0, 1),
    }),
  },
  {
    name: "another disk behind a line in another case",
    raises: ["manifest.case_differs", "manifest.digest_differs"],
    files: archiveWith({
      "x.mf": manifestText({ "x.ovf": DESCRIPTOR, "DISK.vmdk": Buffer.from("another") }),
    }),
  },
  {
    name: "another disk behind a line with ./",
    raises: ["manifest.digest_differs"],
    files: archiveWith({
      "x.mf": manifestText({ "x.ovf": DESCRIPTOR, "./disk.vmdk": Buffer.from("another") }),
    }),
  },
  {
    name: "a manifest of another name beside a descriptor",
    raises: ["manifest.digest_differs", "manifest.named_otherwise"],
    files: folder(DESCRIPTOR, {
      "other.mf": manifestText({ "x.ovf": DESCRIPTOR, "disk.vmdk": Buffer.from("another") }),
    }),
  },
  {
    name: "a descriptor that was changed after its manifest was made",
    raises: ["manifest.digest_differs"],
    files: archiveWith({ "x.ovf": `${DESCRIPTOR}\n`, "x.mf": COVERED }),
  },
  {
    name: "a manifest of nothing but parentheses",
    raises: [
      "manifest.empty",
      "manifest.file_uncovered",
      "manifest.line_too_long",
      "manifest.line_unreadable",
    ],
    files: withManifest(`${"(".repeat(4000)}\n${")".repeat(200_000)}\n`),
  },
];
