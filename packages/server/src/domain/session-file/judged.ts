import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { PackageFault, PackageFile, PackageJudgement } from "../package.ts";
import type { BroughtFile, SessionFile } from "../update-session.ts";
import { refuseWhole } from "./receive.ts";
import type { Received } from "./receive.ts";

/** Pushed files whose bytes are whole and right. */
const isReady = (
  file: SessionFile,
): file is BroughtFile & { readonly receipt: { readonly status: "READY" } } =>
  file.source !== "NONE" && file.receipt.status === "READY";

/** A file as its type sees it; null while its bytes are still to come. */
export const packageFileOf = (file: SessionFile): PackageFile | null => {
  if (file.source === "NONE") {
    const { name, digest, sizeBytes, checksum } = file;
    return { name, digest, sizeBytes, checksums: [checksum] };
  }
  const { receipt } = file;
  if (receipt.status !== "READY") return null;
  const { digest, sizeBytes, checksum, others = [], archive } = receipt;
  return {
    name: file.name,
    digest,
    sizeBytes,
    checksums: [checksum, ...others],
    ...(archive === undefined ? {} : { archive }),
  };
};

/** The refusal of a file that arrived whole and is wrong, in its PUT and in its own error. (S91) */
const refusalOf = ({ name, text, mend, code }: PackageFault): FaultValue =>
  faultOf("transfer.file_refused", name, text, mend, code);

/** A file that stands in the way of complete, and why. */
export interface UnusableFile {
  readonly name: string;
  readonly fault: FaultValue;
}

/** What a judgement finds wrong with files, one fault a file: the first. */
export const unusableFiles = (judgement: PackageJudgement | null): readonly UnusableFile[] => {
  const byName = new Map<string, FaultValue>();
  for (const { name, text, mend, code } of judgement?.faults ?? [])
    if (!byName.has(name))
      byName.set(name, faultOf("update_session.file_unusable", name, text, mend, code));
  return [...byName].map(([name, fault]) => ({ name, fault }));
};

/**
 * The files that a judgement turns to ERROR: those that are themselves not what they should be. Where the file that has just
 * come, `newest`, is among them, it alone: then it has nothing to say about others. (S91, S92)
 */
export const contradictedFiles = (
  files: readonly SessionFile[],
  { faults }: PackageJudgement,
  newest: string | null,
): readonly Received[] => {
  const wrong = new Map<string, PackageFault>();
  for (const fault of faults)
    if (fault.isWrong && !wrong.has(fault.name)) wrong.set(fault.name, fault);
  const ready = files.filter(isReady).filter(({ name }) => wrong.has(name));
  const own = ready.filter(({ name }) => name === newest);
  return (own.length > 0 ? own : ready).flatMap((file) => {
    const fault = wrong.get(file.name);
    return fault === undefined ? [] : [refuseWhole(file, refusalOf(fault), file.receipt.sizeBytes)];
  });
};
