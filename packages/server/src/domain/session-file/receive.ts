import { faultOf, messageOf } from "@contentlib/contract/vocabulary";
import type { FaultValue, Message } from "@contentlib/contract/vocabulary";
import type { ArchiveContents } from "../archive.ts";
import type { Checksum, ChecksumAlgorithm } from "../checksum.ts";
import type { Sha256, StagedId } from "../ids.ts";
import { invariant } from "../invariant.ts";
import { withoutLogin, withoutQuery } from "../pull-source.ts";
import type { BroughtFile, Receipt } from "../update-session.ts";
import { stagedOf } from "./add.ts";
import { isToFollow } from "./named-files.ts";

/** What the store found out about the bytes it staged. */
export interface StagedFact {
  readonly stagedId: StagedId;
  readonly digest: Sha256;
  readonly sizeBytes: number;
  /** One for each algorithm asked for beside SHA-256. */
  readonly checksums: readonly Checksum[];
  /** What the bytes hold, where that was asked for. */
  readonly archive?: ArchiveContents;
}

/** A file after something happened to its bytes; `release` names staged bytes that nothing refers to any longer. */
export interface Received {
  readonly file: BroughtFile;
  /** Why the bytes were not accepted; the file is then in ERROR and can be sent or added again. */
  readonly fault: FaultValue | null;
  readonly release: readonly StagedId[];
}

/**
 * The digests that must be taken while the bytes arrive, beside the SHA-256 that always is: the declared one (S66), and those by
 * which others of the session will judge the file.
 */
export const wantedAlgorithms = (
  file: BroughtFile,
  others: readonly ChecksumAlgorithm[] = [],
): readonly ChecksumAlgorithm[] => {
  const { declaredChecksum } = file;
  const wanted = new Set(others);
  if (declaredChecksum !== undefined) wanted.add(declaredChecksum.algorithm);
  wanted.delete("SHA256");
  return [...wanted];
};

/** The file as a new transfer begins, or as one broke off: it waits for all of its bytes again. (S63, S64) */
export const awaitBytes = (file: BroughtFile): Received => ({
  file: file.receipt.status === "WAITING" ? file : { ...file, receipt: { status: "WAITING" } },
  fault: null,
  release: stagedOf(file),
});

/** The file in ERROR: nothing is pulled any more by a login that it had. (S100) */
const failed = (
  file: BroughtFile,
  receipt: Extract<Receipt, { readonly status: "ERROR" }>,
): BroughtFile =>
  file.source === "PULL"
    ? { ...file, from: withoutLogin(file.from), receipt }
    : { ...file, receipt };

/** The file with its bytes: a login that it had is kept as long as others may have to be pulled by it. (S100) */
const arrived = (file: BroughtFile): BroughtFile =>
  file.source === "PULL" && !isToFollow(file) ? { ...file, from: withoutLogin(file.from) } : file;

/** The file with where its bytes come from, where that is not its source itself. */
export const cameFrom = (file: BroughtFile, finalUrl: string): BroughtFile => {
  if (file.source !== "PULL") return file;
  const { finalUrl: _, ...from } = file.from;
  const base = withoutQuery(finalUrl);
  return base === withoutQuery(from.url)
    ? { ...file, from }
    : { ...file, from: { ...from, finalUrl: base } };
};

/** The file in ERROR with that message, after `receivedBytes`; what it had received before is given up. (S65, S68) */
export const spoil = (
  file: BroughtFile,
  errorMessage: Message,
  receivedBytes: number,
): Received => ({
  file: failed(file, { status: "ERROR", errorMessage, receivedBytes }),
  fault: null,
  release: stagedOf(file),
});

const refuse = (file: BroughtFile, fault: FaultValue, receivedBytes: number): Received => ({
  ...spoil(file, messageOf(fault), receivedBytes),
  fault,
});

/** The refusal of a file that arrived whole and is not what it should be. What was staged of it is given up. (S69, S91) */
export const refuseWhole = (
  file: BroughtFile,
  fault: FaultValue,
  receivedBytes: number,
): Received => ({
  file: failed(file, {
    status: "ERROR",
    errorMessage: messageOf(fault),
    receivedBytes,
    isWhole: true,
  }),
  fault,
  release: stagedOf(file),
});

/**
 * The refusal of a transfer whose announced length differs from the declared size, before its first byte is read; null when
 * the announcement fits or there is none to compare. (S67)
 */
export const refuseAnnouncedSize = (file: BroughtFile, announcedBytes: number): Received | null => {
  const declared = file.declaredSizeBytes;
  if (declared === undefined || declared === announcedBytes) return null;
  return refuse(
    file,
    faultOf(
      "transfer.size_mismatch",
      file.name,
      String(declared),
      String(announcedBytes),
      "announced",
    ),
    0,
  );
};

/** The refusal of a transfer that was stopped because more bytes arrived than were declared. (S65) */
export const refuseExcess = (file: BroughtFile, receivedBytes: number): Received => {
  const declared = String(file.declaredSizeBytes ?? 0);
  return refuse(
    file,
    faultOf("transfer.size_mismatch", file.name, declared, `at least ${receivedBytes}`, "received"),
    receivedBytes,
  );
};

const digestBy = (staged: StagedFact, algorithm: ChecksumAlgorithm): string => {
  if (algorithm === "SHA256") return staged.digest;
  const checksum = staged.checksums.find((each) => each.algorithm === algorithm);
  invariant(checksum, `The store was asked for ${algorithm} and did not take it.`);
  return checksum.hex;
};

const mismatch = (file: BroughtFile, staged: StagedFact): FaultValue | null => {
  const { name, declaredSizeBytes, declaredChecksum } = file;
  if (declaredSizeBytes !== undefined && declaredSizeBytes !== staged.sizeBytes) {
    return faultOf(
      "transfer.size_mismatch",
      name,
      String(declaredSizeBytes),
      String(staged.sizeBytes),
      "received",
    );
  }
  if (declaredChecksum === undefined) return null;
  const { algorithm, hex } = declaredChecksum;
  const actual = digestBy(staged, algorithm);
  return actual === hex
    ? null
    : faultOf("transfer.checksum_mismatch", name, algorithm, hex, actual);
};

/**
 * Holds the staged bytes against what was declared (S65, S66). A match makes the file READY, with the checksum of the declared
 * algorithm, or SHA-256 when none was declared; a mismatch makes it ERROR, names both values, and gives the bytes up.
 */
export const judge = (file: BroughtFile, staged: StagedFact): Received => {
  const fault = mismatch(file, staged);
  if (fault !== null) {
    // Of too few bytes some never came.
    const isWhole = fault.fault === "transfer.checksum_mismatch";
    const refused = (isWhole ? refuseWhole : refuse)(file, fault, staged.sizeBytes);
    return { ...refused, release: [...refused.release, staged.stagedId] };
  }
  const { stagedId, digest, sizeBytes, archive } = staged;
  const checksum = file.declaredChecksum ?? { algorithm: "SHA256", hex: digest };
  const others = staged.checksums.filter(({ algorithm }) => algorithm !== checksum.algorithm);
  const release = stagedOf(file).filter((former) => former !== stagedId);
  const ready: BroughtFile = {
    ...file,
    receipt: {
      status: "READY",
      stagedId,
      digest,
      sizeBytes,
      checksum,
      ...(others.length === 0 ? {} : { others }),
      ...(archive === undefined ? {} : { archive }),
    },
  };
  return { file: arrived(ready), fault: null, release };
};
