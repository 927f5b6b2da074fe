import type { Message } from "@contentlib/contract/vocabulary";
import type { ArchiveMember } from "../archive.ts";
import type { Checksum } from "../checksum.ts";
import type { EntryId } from "../ids.ts";
import { unreachable } from "../invariant.ts";
import type { PullSource } from "../pull-source.ts";
import type { BroughtFile, SessionFile } from "../update-session.ts";

/** The words of the API's `TransferStatus`. */
export type TransferStatus =
  | "WAITING_FOR_TRANSFER"
  | "TRANSFERRING"
  | "VALIDATING"
  | "READY"
  | "ERROR";

/** What has come of an entry that waits for bytes: in motion, or kept from an earlier transfer. */
export interface EntryProgress {
  readonly phase: "WAITING_FOR_TRANSFER" | "TRANSFERRING" | "VALIDATING";
  readonly receivedBytes: number;
}

/** Finds what has come of an entry, null when there is nothing beyond what its file says. */
export type FindProgress = (entryId: EntryId) => EntryProgress | null;

/** A file of a session as clients see it, without its endpoint. */
export interface SessionFileView {
  readonly name: string;
  readonly source: SessionFile["source"];
  /** Names the upload endpoint, which only pushed files have. */
  readonly entryId?: EntryId;
  /** Only of pulled files. */
  readonly from?: PullSource;
  readonly status: TransferStatus;
  readonly bytesTransferred: number;
  /** Only when READY. */
  readonly sizeBytes?: number;
  /** Declared by the client until the bytes are here, found in them afterwards. */
  readonly checksum?: Checksum;
  /** Only when ERROR. */
  readonly errorMessage?: Message;
}

type Progress = Pick<
  SessionFileView,
  "status" | "bytesTransferred" | "sizeBytes" | "checksum" | "errorMessage"
>;

const settledProgress = (file: BroughtFile): Progress => {
  const { receipt } = file;
  const declared = file.declaredChecksum === undefined ? {} : { checksum: file.declaredChecksum };
  switch (receipt.status) {
    case "WAITING":
      return { status: "WAITING_FOR_TRANSFER", bytesTransferred: 0, ...declared };
    case "READY": {
      const { sizeBytes, checksum } = receipt;
      return { status: "READY", bytesTransferred: sizeBytes, sizeBytes, checksum };
    }
    case "ERROR": {
      const { errorMessage, receivedBytes } = receipt;
      return { status: "ERROR", bytesTransferred: receivedBytes, ...declared, errorMessage };
    }
    default:
      return unreachable(receipt);
  }
};

/** Part of an archive as clients see it: it came with that, and endpoint or source are those of the archive. (S122) */
export const viewMember = (
  { name, sizeBytes, checksums }: ArchiveMember,
  archive: BroughtFile,
): SessionFileView => {
  const [checksum] = checksums;
  return {
    name,
    source: archive.source,
    ...(archive.source === "PUSH" ? { entryId: archive.entryId } : { from: archive.from }),
    status: "READY",
    bytesTransferred: sizeBytes,
    sizeBytes,
    ...(checksum === undefined ? {} : { checksum }),
  };
};

const liveProgress = (file: BroughtFile, live: EntryProgress): Progress => ({
  status: live.phase,
  bytesTransferred: live.receivedBytes,
  ...(file.declaredChecksum === undefined ? {} : { checksum: file.declaredChecksum }),
});

/**
 * One file of the set: what the catalog remembers, overlaid by what has come since (S61). A file the session leaves alone is
 * READY with its size and checksum as stored.
 */
export const viewSessionFile = (file: SessionFile, live: EntryProgress | null): SessionFileView => {
  if (file.source === "NONE") {
    const { name, source, sizeBytes, checksum } = file;
    return { name, source, status: "READY", bytesTransferred: sizeBytes, sizeBytes, checksum };
  }
  const progress = live === null ? settledProgress(file) : liveProgress(file, live);
  const { name, source } = file;
  return source === "PUSH"
    ? { name, source, entryId: file.entryId, ...progress }
    : { name, source, from: file.from, ...progress };
};
