import { isFault, messageOf } from "@contentlib/contract/vocabulary";
import type { FaultValue, Message } from "@contentlib/contract/vocabulary";
import type { PackageJudgement } from "../package.ts";
import type { SessionFile, UpdateSession } from "../update-session.ts";
import { requireActive } from "../update-session/guard.ts";
import { unusableFiles } from "./judged.ts";
import { filesNotReceived, isToBeSent } from "./not-received.ts";
import type { FindProgress } from "./view.ts";

/** A file that can not be used, and why. */
export interface InvalidFile {
  readonly name: string;
  readonly errorMessage: Message;
}

/** The outcome of a validation; the session has errors exactly when one of the lists is not empty. */
export interface ValidationResult {
  readonly hasErrors: boolean;
  readonly missingFiles: readonly string[];
  readonly invalidFiles: readonly InvalidFile[];
}

/** What arrived and is wrong, or can not be pulled, says it in its own words. */
const wrongFiles = (files: readonly SessionFile[]): readonly InvalidFile[] =>
  files.flatMap(({ name, ...file }) =>
    file.source !== "NONE" && file.receipt.status === "ERROR"
      ? [{ name, errorMessage: file.receipt.errorMessage }]
      : [],
  );

/**
 * Checks the files of an ACTIVE session without changing it (S69). While a pushed file has not arrived whole it is refused as
 * `complete` would be, one fault a file. What arrived and is wrong is told, what could not be pulled, and what the type of the item
 * finds; the files of plain items have no further rules. A file that is still being pulled is not missing. (S107)
 */
export const validateSession = (
  session: UpdateSession,
  files: readonly SessionFile[],
  {
    findProgress,
    judgement,
  }: { readonly findProgress: FindProgress; readonly judgement: PackageJudgement | null },
): ValidationResult | readonly FaultValue[] => {
  const active = requireActive(session, "validate");
  if (isFault(active)) return [active];
  const faults = filesNotReceived(files.filter(isToBeSent), findProgress);
  if (faults.length > 0) return faults;
  const invalidFiles = [
    ...wrongFiles(files),
    ...unusableFiles(judgement).map(({ name, fault }) => ({
      name,
      errorMessage: messageOf(fault),
    })),
  ];
  const missingFiles = [...new Set(judgement?.missing.map(({ name }) => name))];
  const hasErrors = invalidFiles.length > 0 || missingFiles.length > 0;
  return { hasErrors, missingFiles, invalidFiles };
};
