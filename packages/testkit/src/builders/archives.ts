import type { ArchiveMember } from "@contentlib/server/domain/archive";
import { aDigest, nextNumber } from "./ids.ts";

/** A file in an archive, behind its first header. */
export const anArchiveMember = (over: Partial<ArchiveMember> = {}): ArchiveMember => ({
  name: `member-${String(nextNumber())}.bin`,
  offsetBytes: 512,
  sizeBytes: 1024,
  checksums: [{ algorithm: "SHA256", hex: aDigest() }],
  ...over,
});
