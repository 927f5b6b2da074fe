import type { FaultValue } from "@contentlib/contract/vocabulary";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { EntryId, StagedId, UpdateSessionId } from "./ids.ts";
import type { BroughtFile } from "./update-session.ts";

/** The adding of a file that bytes are for. */
export interface UploadEntry {
  readonly sessionId: UpdateSessionId;
  readonly entryId: EntryId;
}

/** Bytes of a file that have come so far, and who may go on with them. */
export interface PartialUpload extends UploadEntry {
  /** The number of the writer who came last: each one takes the next, and what one with a smaller number did later does not count. */
  readonly fence: number;
  readonly stagedId: StagedId;
  /** How many of the first bytes are safe from a power cut. */
  readonly durableBytes: number;
  /** How many the whole has, where nobody declared it and a client told it with its bytes. */
  readonly lengthBytes?: number;
  /** What tells the file, at its source, that the first bytes are of from all others; there where that can be told. (S103) */
  readonly validator?: string;
}

/** Bytes that a client wants to put behind those that are here. All members as the request has them; null where it does not say. */
export interface AppendRequest {
  readonly offsetBytes: number;
  /** Of the whole file. */
  readonly lengthBytes: number | null;
  /** Whether these bytes are the end of the file; null lets the length decide. */
  readonly isLast: boolean | null;
  /** Of the bytes that come with the request. */
  readonly contentLengthBytes: number | null;
}

/** How many bytes a file has as a whole, as far as anybody has said it. */
export const lengthOf = (
  file: BroughtFile,
  partial: Pick<PartialUpload, "lengthBytes"> | null,
): number | null => file.declaredSizeBytes ?? partial?.lengthBytes ?? null;

const lengthMismatch = (file: BroughtFile, known: number, asked: string): FaultValue =>
  faultOf("transfer.length_mismatch", file.name, String(known), asked);

/**
 * Why bytes can not be put behind the `durableBytes` that are here; null when they can, as far as the request shows before its first
 * byte. Nothing changes by a refusal. (S75)
 */
export const refuseAppend = (
  file: BroughtFile,
  present: { readonly durableBytes: number; readonly lengthBytes: number | null },
  request: AppendRequest,
): FaultValue | null => {
  const { durableBytes, lengthBytes } = present;
  const { offsetBytes, contentLengthBytes, isLast } = request;
  if (lengthBytes !== null && request.lengthBytes !== null && request.lengthBytes !== lengthBytes)
    return lengthMismatch(file, lengthBytes, `a length of ${request.lengthBytes}`);
  if (offsetBytes !== durableBytes)
    return faultOf(
      "transfer.offset_mismatch",
      file.name,
      String(durableBytes),
      String(offsetBytes),
    );
  const length = lengthBytes ?? request.lengthBytes;
  if (length === null) return null;
  // Where it is not told how many come, none is the least.
  const endBytes = offsetBytes + (contentLengthBytes ?? 0);
  const isEndTold = isLast === true && contentLengthBytes !== null;
  const isWrongEnd = isEndTold ? endBytes !== length : endBytes > length;
  return isWrongEnd ? lengthMismatch(file, length, `an end at ${endBytes}`) : null;
};

/** Whether so many bytes are the whole file. */
export const isWhole = (
  receivedBytes: number,
  lengthBytes: number | null,
  isLast: boolean | null,
): boolean => isLast === true || (lengthBytes !== null && receivedBytes === lengthBytes);
