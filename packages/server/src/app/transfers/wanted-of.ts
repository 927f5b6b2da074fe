import type { ChecksumAlgorithm } from "../../domain/checksum.ts";
import type { SessionPackage } from "../../domain/package.ts";
import { wantedAlgorithms } from "../../domain/session-file/receive.ts";
import type { BroughtFile } from "../../domain/update-session.ts";
import type { PackageCore } from "../packages/settle-package.ts";

/** What the store is to find out of bytes while they pass. */
export interface WantedOfBytes {
  readonly algorithms: readonly ChecksumAlgorithm[];
  readonly isArchive?: true;
}

/** What is to be found out of the bytes of a file while they pass; the same from its first byte to its last. (S66, S91, S124) */
export const wantedOf = (
  { itemTypes }: Pick<PackageCore, "itemTypes">,
  file: BroughtFile,
  packaged: SessionPackage | null,
): WantedOfBytes => {
  if (packaged === null) return { algorithms: wantedAlgorithms(file) };
  // Of an archive the members are held against others: their digests are made by what it says itself.
  return itemTypes.of(packaged.type).isArchive(file.name)
    ? { algorithms: wantedAlgorithms(file), isArchive: true }
    : { algorithms: wantedAlgorithms(file, packaged.algorithms) };
};
