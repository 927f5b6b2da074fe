import { isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue, Message } from "@contentlib/contract/vocabulary";
import type { SessionFile, UpdateSession } from "../update-session.ts";
import { requireActive } from "../update-session/guard.ts";
import { filesNotReceived } from "./not-received.ts";
import type { FindProgress } from "./view.ts";

/** The outcome of a validation; the session has errors exactly when one of the lists is not empty. */
export interface ValidationResult {
  readonly hasErrors: boolean;
  readonly missingFiles: readonly string[];
  readonly invalidFiles: readonly { readonly name: string; readonly errorMessage: Message }[];
}

/**
 * Checks the files of an ACTIVE session without changing it (S69). With a file not received it is refused as `complete` would
 * be, one fault a file; the files of plain items have no further rules.
 */
export const validateSession = (
  session: UpdateSession,
  files: readonly SessionFile[],
  findProgress: FindProgress,
): ValidationResult | readonly FaultValue[] => {
  const active = requireActive(session, "validate");
  if (isFault(active)) return [active];
  const faults = filesNotReceived(files, findProgress);
  return faults.length > 0 ? faults : { hasErrors: false, missingFiles: [], invalidFiles: [] };
};
