import type { Checksum } from "./checksum.ts";
import type { Instant, ItemId, LibraryId, Sha256 } from "./ids.ts";
import type { VerificationStatus } from "./package.ts";

/** One file of an item's present content. `version` grows by one each time the name gets new bytes (contract I11). */
export interface ItemFile {
  readonly name: string;
  readonly digest: Sha256;
  readonly sizeBytes: number;
  readonly checksum: Checksum;
  readonly version: number;
  /** Where its bytes are, for a member of an archive; absent for a file whose blob is its own. */
  readonly within?: MemberPlace;
  /** The archive itself that members are part of: it can be read, and is in no list. */
  readonly isOriginal?: true;
}

/** Bytes that are part of an archive's blob. */
export interface MemberPlace {
  readonly archive: Sha256;
  readonly archiveBytes: number;
  readonly offsetBytes: number;
}

/** The blob that holds the bytes of a file. */
export const blobOf = ({
  digest,
  sizeBytes,
  within,
}: Pick<ItemFile, "digest" | "sizeBytes" | "within">): {
  readonly digest: Sha256;
  readonly sizeBytes: number;
} =>
  within === undefined
    ? { digest, sizeBytes }
    : { digest: within.archive, sizeBytes: within.archiveBytes };

/** The files that are shown. */
export const shownFiles = <File extends Pick<ItemFile, "isOriginal">>(
  files: readonly File[],
): readonly File[] => files.filter(({ isOriginal }) => isOriginal !== true);

/**
 * A library item. The three counters begin at 1: `version` and `metadataVersion` count property changes, `contentVersion`
 * counts completed changes of the file list (contract I9).
 */
export interface Item {
  readonly id: ItemId;
  readonly libraryId: LibraryId;
  readonly name: string;
  readonly description: string;
  /** Free text that picks the type adapter; empty when none was given (contract I5). */
  readonly type: string;
  readonly createdAt: Instant;
  readonly modifiedAt: Instant;
  readonly version: number;
  readonly metadataVersion: number;
  readonly contentVersion: number;
  /** In the order in which the names were first added. */
  readonly files: readonly ItemFile[];
  /** What verifying the present content came to; absent where nothing was verified. The rest of it is with the revision. */
  readonly verification?: VerificationStatus;
}
