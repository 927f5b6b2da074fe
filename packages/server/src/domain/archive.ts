import type { Checksum } from "./checksum.ts";

/** A file in an archive: its bytes are a range of the archive's. */
export interface ArchiveMember {
  readonly name: string;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  /** SHA-256 first. */
  readonly checksums: readonly Checksum[];
}

/** Something that was found while an archive was read, with its place. */
export interface ArchiveFinding {
  /** The stable name of what was found. */
  readonly code: string;
  readonly isError: boolean;
  /** What was found, in one sentence after its place, as `@512: ...`: it stands behind the archive's name. And how it can be mended. */
  readonly text: string;
  readonly mend: string;
}

/** What an archive holds, found out while its bytes passed. */
export interface ArchiveContents {
  /** In the order of the archive; of one that could not be read to its end, those before. */
  readonly members: readonly ArchiveMember[];
  readonly findings: readonly ArchiveFinding[];
}
