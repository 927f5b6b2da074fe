import { createHash } from "node:crypto";
import type { ArchiveContents, ArchiveMember } from "@contentlib/server/domain/archive";
import type { ChecksumAlgorithm } from "@contentlib/server/domain/checksum";
import { longName, paxHeader, tarBlocks, tarEnd, tarHeader, tarMember } from "./tar-writer.ts";

/** The forms of tar that people make archives in. */
export const TAR_FORMS = ["ustar", "gnu", "pax"] as const;

export type TarForm = (typeof TAR_FORMS)[number];

/** A member, and what it is to be hashed in beside SHA-256. */
export interface PlannedMember {
  readonly name: string;
  readonly body: Uint8Array | string;
  readonly algorithms?: readonly ChecksumAlgorithm[];
}

/** What stands before a member's bytes. GNU's form and pax give the name in an extension, and pax the size, too. */
const headersOf: Readonly<Record<TarForm, (name: string, size: number) => Uint8Array>> = {
  ustar: (name, size) => tarHeader({ name, size }),
  gnu: (name, size) =>
    Buffer.concat([
      longName(name),
      tarHeader({ name: name.slice(0, 99), size, magic: "ustar  \0" }),
    ]),
  pax: (name, size) =>
    Buffer.concat([
      paxHeader([
        ["path", name],
        ["size", String(size)],
      ]),
      tarHeader({ name: "short", size: 0 }),
    ]),
};

const hashed = (algorithm: ChecksumAlgorithm, body: Uint8Array) => ({
  algorithm,
  hex: createHash(algorithm.toLowerCase()).update(body).digest("hex"),
});

/** An archive whose contents are known. */
export interface KnownArchive {
  readonly bytes: Uint8Array;
  readonly contents: ArchiveContents;
  /** Where headers and members begin and end. */
  readonly edges: readonly number[];
}

/** Makes an archive, and says what is to be found in it. */
export const knownArchive = (
  planned: readonly PlannedMember[],
  { form = "ustar", end = tarEnd }: { readonly form?: TarForm; readonly end?: Uint8Array } = {},
): KnownArchive => {
  const parts: Uint8Array[] = [];
  const members: ArchiveMember[] = [];
  const edges: number[] = [];
  let at = 0;
  for (const { name, body, algorithms = [] } of planned) {
    const bytes = Buffer.from(body);
    const headers = headersOf[form](name, bytes.length);
    const blocks = tarBlocks(bytes);
    const offsetBytes = at + headers.length;
    parts.push(headers, blocks);
    edges.push(at, offsetBytes, offsetBytes + bytes.length);
    members.push({
      name,
      offsetBytes,
      sizeBytes: bytes.length,
      checksums: (["SHA256", ...algorithms] as const).map((each) => hashed(each, bytes)),
    });
    at = offsetBytes + blocks.length;
  }
  return {
    bytes: Buffer.concat([...parts, end]),
    contents: { members, findings: [] },
    edges: [...edges, at, at + end.length],
  };
};

/** An archive that ends in what is no member of it, such as a link. */
export const archiveWithPart = (
  planned: readonly PlannedMember[],
  part: Uint8Array = tarMember({ name: "b", kind: "2", linkName: "x.ovf" }),
): KnownArchive => knownArchive(planned, { end: Buffer.concat([part, tarEnd]) });
