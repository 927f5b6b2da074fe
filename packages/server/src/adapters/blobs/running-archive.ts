import type { Hash } from "node:crypto";
import {
  type ArchiveEvent,
  ArchiveReader,
  type ArchiveState,
  type Finding,
  FINDINGS,
  MANIFEST_BYTES_MAX,
  ManifestReader,
  mendOf,
  textOf,
} from "@contentlib/ovf/archive";

import type { ArchiveContents, ArchiveFinding, ArchiveMember } from "../../domain/archive.ts";
import type { ChecksumAlgorithm } from "../../domain/checksum.ts";
import { startHash } from "./running-digests.ts";

/** What the archive is called in texts: nobody here knows its name. */
const NAMELESS = "The archive";

const MANIFEST = /\.mf$/i;

/** Most findings that are kept. A reader tells of one error, its last word, and of each warning once: so nothing is lost. */
const FINDINGS_KEPT_MAX = 100;

/** What a member takes in memory, about: its names, its place, its digests. */
const MEMBER_HELD_BYTES = 1024;

/** The member whose bytes pass. */
interface OpenMember {
  readonly name: string;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  readonly hashes: ReadonlyMap<ChecksumAlgorithm, Hash>;
  /** Its bytes where it is a manifest. */
  readonly lines: Uint8Array[];
}

/** What was found out so far. */
interface Found {
  readonly members: ArchiveMember[];
  readonly findings: ArchiveFinding[];
  /** What members from here on are hashed in. */
  readonly algorithms: Set<ChecksumAlgorithm>;
  /** How many bytes of manifests may still be kept to be read. */
  manifestBytesLeft: number;
  open: OpenMember | null;
}

const copyOf = ({ open, ...found }: Found): Found => ({
  members: [...found.members],
  findings: [...found.findings],
  algorithms: new Set(found.algorithms),
  manifestBytesLeft: found.manifestBytesLeft,
  open: open && {
    ...open,
    hashes: new Map([...open.hashes].map(([algorithm, hash]) => [algorithm, hash.copy()])),
    lines: [...open.lines],
  },
});

/** With its place before it, as `@512: sentence`, so that it can stand behind the archive's name. */
const findingOf = (finding: Finding): ArchiveFinding => ({
  code: finding.code,
  isError: FINDINGS[finding.code].severity === "error",
  text: textOf(finding).slice(NAMELESS.length),
  mend: mendOf(finding),
});

/** What the first bytes of a tar archive hold, found out while bytes pass by. */
export class RunningArchive {
  readonly #reader: ArchiveReader;
  readonly #found: Found;
  #atBytes: number;

  private constructor(found: Found, atBytes: number, from?: ArchiveState) {
    this.#found = found;
    this.#atBytes = atBytes;
    this.#reader = new ArchiveReader(
      {
        fileName: NAMELESS,
        report: (finding) => this.#take(finding),
        onEvent: (event) => this.#follow(event),
      },
      from,
    );
  }

  static begin(): RunningArchive {
    return new RunningArchive(
      {
        members: [],
        findings: [],
        algorithms: new Set(["SHA256"]),
        manifestBytesLeft: MANIFEST_BYTES_MAX,
        open: null,
      },
      0,
    );
  }

  /** How many bytes passed by. */
  get atBytes(): number {
    return this.#atBytes;
  }

  /** About how much memory it takes, in bytes. */
  get heldBytes(): number {
    const { members, open, manifestBytesLeft } = this.#found;
    const lineBytes = open === null ? 0 : MANIFEST_BYTES_MAX - manifestBytesLeft;
    return (1 + members.length) * MEMBER_HELD_BYTES + lineBytes + this.#reader.roomBytes;
  }

  update(bytes: Uint8Array): void {
    this.#reader.write(bytes);
    this.#atBytes += bytes.byteLength;
  }

  copy(): RunningArchive {
    return new RunningArchive(copyOf(this.#found), this.#atBytes, this.#reader.state());
  }

  /** What is in the archive if it ends here; more bytes may follow. */
  contents(): ArchiveContents {
    const ended = this.copy();
    ended.#reader.end();
    const { members, findings } = ended.#found;
    return { members, findings };
  }

  #take(finding: Finding): void {
    const isNote = FINDINGS[finding.code].severity === "note";
    if (isNote || this.#found.findings.length === FINDINGS_KEPT_MAX) return;
    this.#found.findings.push(findingOf(finding));
  }

  #follow(event: ArchiveEvent): void {
    switch (event.kind) {
      case "member":
        return this.#open(event);
      case "bytes":
        return this.#pass(event.bytes);
      case "member-end":
        return this.#close();
      case "end":
        return undefined;
    }
  }

  #open({ name, offset, sizeBytes }: Extract<ArchiveEvent, { kind: "member" }>): void {
    const hashes = [...this.#found.algorithms].map(
      (algorithm) => [algorithm, startHash(algorithm)] as const,
    );
    this.#found.open = {
      name,
      offsetBytes: offset,
      sizeBytes,
      hashes: new Map(hashes),
      lines: [],
    };
  }

  #pass(bytes: Uint8Array): void {
    const { open } = this.#found;
    if (open === null) return;
    for (const hash of open.hashes.values()) hash.update(bytes);
    if (MANIFEST.test(open.name)) this.#keepLines(open, bytes);
  }

  #keepLines({ lines }: OpenMember, bytes: Uint8Array): void {
    const kept = bytes.slice(0, this.#found.manifestBytesLeft);
    this.#found.manifestBytesLeft -= kept.byteLength;
    if (kept.byteLength > 0) lines.push(kept);
  }

  #close(): void {
    const { open, members, algorithms } = this.#found;
    if (open === null) return;
    const { hashes, lines, ...member } = open;
    const checksums = [...hashes].map(([algorithm, hash]) => ({
      algorithm,
      hex: hash.digest("hex"),
    }));
    members.push({ ...member, checksums });
    for (const algorithm of algorithmsIn(lines)) algorithms.add(algorithm);
    this.#found.open = null;
  }
}

/** The algorithms that a manifest lists files by. What is wrong with it is for those to tell who judge it. */
const algorithmsIn = (lines: readonly Uint8Array[]): readonly ChecksumAlgorithm[] => {
  const reader = new ManifestReader(NAMELESS, () => undefined);
  for (const bytes of lines) reader.write(bytes);
  return (reader.end()?.lines ?? []).map(({ algorithm }) => algorithm);
};
