/*
 * <directory>/
 *   blobs/sha256/ab/cd/abcd…   promoted blobs, read-only, named by the SHA-256 of their bytes
 *   staging/incoming/<id>      bytes on their way in
 *   staging/ready/<id>         staged bytes, complete and synced
 */
import { join } from "node:path";

import type { Sha256, StagedId } from "../../../domain/ids.ts";

/** Where everything lies below the store's directory. Pure: no path is touched. */
export interface BlobLayout {
  readonly root: string;
  readonly staging: string;
  readonly incoming: string;
  readonly ready: string;
  readonly blobs: string;
  readonly sha256: string;
  incomingFile(stagedId: StagedId): string;
  readyFile(stagedId: StagedId): string;
  blobFile(digest: Sha256): string;
  /** The folders that must exist above a blob, outermost first. */
  blobFolders(digest: Sha256): readonly [string, string];
}

/** Two levels of 256 folders keep each folder at some thousand names for a hundred million blobs. */
export const layoutIn = (directory: string): BlobLayout => {
  const staging = join(directory, "staging");
  const incoming = join(staging, "incoming");
  const ready = join(staging, "ready");
  const blobs = join(directory, "blobs");
  const sha256 = join(blobs, "sha256");
  const blobFolders = (digest: Sha256): [string, string] => {
    const outer = join(sha256, digest.slice(0, 2));
    return [outer, join(outer, digest.slice(2, 4))];
  };
  return {
    root: directory,
    staging,
    incoming,
    ready,
    blobs,
    sha256,
    incomingFile: (stagedId) => join(incoming, stagedId),
    readyFile: (stagedId) => join(ready, stagedId),
    blobFile: (digest) => join(blobFolders(digest)[1], digest),
    blobFolders,
  };
};
