import { gzipSync } from "node:zlib";
import {
  ARCHIVE_HEADERS_MAX,
  EXTENSIONS_PER_MEMBER_MAX,
  type FindingCode,
  NAME_BYTES_MAX,
  PAX_BYTES_MAX,
} from "@contentlib/ovf";
import { envelopeText } from "./envelope-text.ts";
import type { PackageRecipe, RecipePair, RecipePart } from "./package-recipe.ts";
import { archive, archiveOf, DISK } from "./sound-package.ts";
import {
  longName,
  paxHeader,
  paxRecord,
  tarEnd,
  type TarFields,
  tarHeader,
  tarMember,
} from "./tar-writer.ts";

const OVF = tarMember({ name: "x.ovf" }, envelopeText());
const MIB = 1024 ** 2;

/** Archives that begin with a descriptor and end as they should. */
const parts = (...inside: readonly RecipePart[]) => archiveOf(OVF, ...inside, tarEnd);

const pair = (
  code: FindingCode,
  crooked: readonly RecipePart[],
  inside: readonly RecipePart[] = [tarMember({ name: "b" })],
): RecipePair => ({
  code,
  crooked: parts(...crooked),
  inside: parts(...inside),
  insideRaises: inside.length === 0 ? [] : ["file.surplus"],
});

const kinds = (code: FindingCode, kind: string): RecipePair =>
  pair(
    code,
    [tarMember({ name: "b", kind, linkName: "../../etc/passwd" })],
    [tarMember({ name: "b", kind: "7", linkName: "../../etc/passwd" })],
  );

/** A pax header whose body has so many bytes. */
const paxOf = (bytes: number): Uint8Array =>
  tarMember(
    { name: "PaxHeaders/b", kind: "x" },
    `${bytes} comment=${"x".repeat(bytes - `${bytes} comment=\n`.length)}\n`,
  );

const members = (count: number): Uint8Array =>
  Buffer.concat(Array.from({ length: count }, (_, n) => tarHeader({ name: `m${n}` })));

const repeated = (count: number, part: Uint8Array): readonly Uint8Array[] =>
  Array.from({ length: count }, () => part);

/** Each code of archives, and the largest or oddest that does not raise it. */
export const archivePairs = (): readonly RecipePair[] => [
  {
    code: "archive.not_tar",
    crooked: archiveOf("This is no archive. ".repeat(100)),
    inside: archiveOf(OVF, tarEnd),
  },
  {
    code: "archive.compressed",
    crooked: archiveOf(gzipSync(Buffer.concat([OVF, tarEnd]))),
    inside: archiveOf(OVF, tarEnd),
  },
  pair("archive.header_refused", [tarMember({ name: "b", damageAt: 150 })]),
  {
    code: "archive.truncated",
    crooked: archiveOf(OVF, tarHeader({ name: "b", size: 513 }), new Uint8Array(512)),
    inside: archiveOf(OVF, tarHeader({ name: "b", size: 512 }), new Uint8Array(512)),
    insideRaises: ["archive.no_end", "file.surplus"],
  },
  { code: "archive.no_end", crooked: archiveOf(OVF), inside: archiveOf(OVF, tarEnd) },
  {
    code: "archive.trailing",
    crooked: archiveOf(OVF, tarEnd, { holeBytes: 9000 }, "x"),
    inside: archiveOf(OVF, tarEnd, { holeBytes: 9001 }),
  },
  kinds("archive.link", "2"),
  kinds("archive.device", "4"),
  kinds("archive.sparse", "S"),
  kinds("archive.kind_unknown", "V"),
  {
    ...pair(
      "archive.directory",
      [tarMember({ name: "sub/", kind: "5" })],
      [tarMember({ name: "./", kind: "5" })],
    ),
    insideRaises: [],
  },
  pair(
    "archive.member_twice",
    [tarMember({ name: "X.ovf" }, "other")],
    [tarMember({ name: "x.ovf2" }, "other")],
  ),
  {
    code: "archive.too_many_headers",
    crooked: archiveOf(OVF, members(ARCHIVE_HEADERS_MAX), tarEnd),
    inside: archiveOf(OVF, members(ARCHIVE_HEADERS_MAX - 1), tarEnd),
    also: ["file.surplus"],
    insideRaises: ["file.surplus"],
  },
  pair(
    "archive.extension_too_long",
    [paxOf(PAX_BYTES_MAX + 1), tarMember({ name: "b" })],
    [paxOf(PAX_BYTES_MAX), tarMember({ name: "b" })],
  ),
  pair(
    "archive.too_many_extensions",
    [...repeated(EXTENSIONS_PER_MEMBER_MAX + 1, longName("b")), tarMember({})],
    [...repeated(EXTENSIONS_PER_MEMBER_MAX, longName("b")), tarMember({})],
  ),
  pair("archive.size_refused", [tarMember({ name: "b", size: "-0000000001" })]),
  {
    code: "archive.descriptor_not_first",
    crooked: archiveOf(tarMember({ name: "x.mf" }), OVF, tarEnd),
    inside: archiveOf(OVF, tarMember({ name: "x.mf" }), tarEnd),
    also: ["manifest.empty", "manifest.file_uncovered"],
    insideRaises: ["manifest.empty", "manifest.file_uncovered"],
  },
  {
    ...pair(
      "archive.apple_double",
      [
        tarMember({ name: "./._b" }, "attributes"),
        tarMember({ name: "._." }),
        tarMember({ name: "b" }),
      ],
      [tarMember({ name: "_.b" }, "attributes")],
    ),
    also: ["file.surplus"],
  },
  pair("name.refused", [tarMember({ name: "../b" })], [tarMember({ name: "b..b" })]),
  pair(
    "name.too_long",
    [longName("b".repeat(NAME_BYTES_MAX + 1)), tarMember({})],
    [longName("b".repeat(NAME_BYTES_MAX)), tarMember({})],
  ),
];

const refused = (name: string, code: FindingCode, ...inside: readonly RecipePart[]) => ({
  name,
  raises: [code],
  files: parts(...inside),
});

const odd = (name: string, code: FindingCode, fields: TarFields): PackageRecipe =>
  refused(name, code, tarMember(fields, ""));

/** Archives as attackers and broken lines make them. */
export const hostileArchives = (): readonly PackageRecipe[] => [
  {
    name: "a gzip bomb",
    raises: ["archive.compressed"],
    files: archiveOf(gzipSync(Buffer.alloc(64 * MIB))),
  },
  odd("an absolute name", "name.refused", { name: "/etc/passwd" }),
  odd("a name in a folder", "name.refused", { name: "a/b" }),
  odd("a name in a folder of Windows", "name.refused", { name: "a\\..\\b" }),
  odd("a device of Windows", "name.refused", { name: "NUL.vmdk" }),
  odd("a hard link", "archive.link", { name: "b", kind: "1", linkName: "x.ovf" }),
  odd("a pipe", "archive.device", { name: "b", kind: "6" }),
  refused(
    "a sparse file of pax",
    "archive.sparse",
    paxHeader([["GNU.sparse.major", "1"]]),
    tarMember({ name: "b" }),
  ),
  refused(
    "a second pax header before one member",
    "archive.header_refused",
    paxHeader([["path", "b"]]),
    paxHeader([["comment", "b"]]),
    tarMember({ name: "c" }),
  ),
  ...["path", "size", "GNU.sparse.major"].map((key) =>
    refused(
      `a pax header for all members with ${key}`,
      "archive.header_refused",
      tarMember({ name: "g", kind: "g" }, paxRecord(key, "1")),
      tarMember({ name: "b" }),
    ),
  ),
  {
    name: "an archive of the form of Unix V7",
    raises: ["archive.header_refused"],
    files: archiveOf(tarMember({ name: "x.ovf", magic: "" }, envelopeText()), tarEnd),
  },
  refused("a name of macOS that leads out", "name.refused", tarMember({ name: "._a/../../b" })),
  refused("a link with a name of macOS", "archive.link", tarMember({ name: "._b", kind: "2" })),
  refused(
    "a member of macOS that is cut",
    "archive.truncated",
    tarHeader({ name: "._b", size: 2 ** 40 }),
  ),
  refused("a size of exbibytes", "archive.truncated", tarHeader({ name: "b", size: 2 ** 52 })),
  refused(
    "a size in pax that lies",
    "archive.truncated",
    paxHeader([["size", "99999999"]]),
    tarMember({ name: "b", size: 1 }, "1"),
  ),
  refused(
    "a size in pax below zero",
    "archive.size_refused",
    paxHeader([["size", "-1"]]),
    tarMember({ name: "b" }),
  ),
  refused(
    "a name in pax that leads out",
    "name.refused",
    paxHeader([["path", "../../b"]]),
    tarMember({ name: "b" }),
  ),
  {
    name: "a descriptor that is cut",
    raises: ["archive.truncated"],
    files: archiveOf(tarHeader({ name: "x.ovf", size: 5000 }), "<Envelope>"),
  },
  { name: "an archive of no bytes", raises: ["archive.not_tar"], files: archiveOf("") },
  {
    name: "an archive of zeros",
    raises: ["archive.not_tar"],
    files: archiveOf({ holeBytes: 10_240 }),
  },
  {
    name: "a second archive behind the end",
    raises: ["archive.trailing"],
    files: archiveOf(OVF, tarEnd, tarMember({ name: "evil.ovf" }, "<evil/>"), tarEnd),
  },
  {
    name: "a descriptor of 256 mebibytes in an archive",
    raises: ["descriptor.too_large"],
    files: archiveOf(
      tarHeader({ name: "x.ovf", size: 256 * MIB }),
      Buffer.alloc(6 * MIB, " "),
      { holeBytes: 250 * MIB },
      tarEnd,
    ),
  },
  {
    name: "a disk of 256 mebibytes of zeros",
    raises: [],
    files: archiveOf(
      tarMember(
        { name: "x.ovf" },
        envelopeText({ files: [{ id: "f", href: "disk.vmdk", size: 256 * MIB }] }),
      ),
      tarHeader({ name: "disk.vmdk", size: 256 * MIB }),
      { holeBytes: 256 * MIB },
      tarEnd,
    ),
  },
  {
    name: "no descriptor",
    raises: ["descriptor.missing"],
    files: archive({ "disk.vmdk": DISK }),
  },
];
