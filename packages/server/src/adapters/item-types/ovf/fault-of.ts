import { type Finding, type FindingCode, FINDINGS, mendOf, textOf } from "@contentlib/ovf";
import type { PackageFault } from "../../../domain/package.ts";

/** What is found of a set of files rather than of one: others have to come or go. */
const OF_THE_SET: ReadonlySet<FindingCode> = new Set([
  "name.refused",
  "name.too_long",
  "name.twice",
  "descriptor.several",
  "manifest.several",
  "certificate.several",
  "certificate.without_manifest",
]);

/** What the missing files are told by. */
const OF_WHAT_IS_MISSING: ReadonlySet<FindingCode> = new Set([
  "descriptor.missing",
  "file.missing",
  "file.case_differs",
  "file.chunk_gap",
]);

/** What is found of a file where it is held against another one, which is not to blame. */
const OF_THE_SUBJECT: ReadonlySet<FindingCode> = new Set([
  "manifest.digest_differs",
  "name.refused",
  "name.too_long",
  "name.twice",
]);

/** Whether a finding is one of a file that is missing. */
export const isMissing = ({ code }: Finding): boolean => OF_WHAT_IS_MISSING.has(code);

/** A finding and its remedy, for people. */
export const sentencesOf = (finding: Finding): string => `${textOf(finding)} ${mendOf(finding)}`;

const blamed = (
  { code, file, subject }: Finding,
  { names, fallback }: { readonly names: ReadonlySet<string>; readonly fallback: string },
): string => {
  if (subject !== null && OF_THE_SUBJECT.has(code) && names.has(subject)) return subject;
  return names.has(file) ? file : fallback;
};

/**
 * What a finding means for a file of the set; null where it is none that keeps files out, or one of a file that is missing.
 * What is told of the package as a whole is told of `fallback`.
 */
export const faultOfFinding = (
  finding: Finding,
  around: { readonly names: ReadonlySet<string>; readonly fallback: string },
): PackageFault | null => {
  const { code } = finding;
  if (FINDINGS[code].severity !== "error" || isMissing(finding)) return null;
  return {
    name: blamed(finding, around),
    text: textOf(finding),
    mend: mendOf(finding),
    code,
    isWrong: !OF_THE_SET.has(code),
  };
};
