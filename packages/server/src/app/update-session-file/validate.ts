import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { ValidationResult } from "../../domain/session-file/validate.ts";
import { validateSession } from "../../domain/session-file/validate.ts";
import type { Handler } from "../call.ts";
import { Fault } from "../fault.ts";
import { presentMessage } from "../present.ts";
import type { SessionCore } from "../update-session/access.ts";
import { loadSession } from "../update-session/access.ts";
import { progressIn } from "./access.ts";
import { extendedBy } from "./change.ts";

const isRefused = (
  outcome: ValidationResult | readonly FaultValue[],
): outcome is readonly FaultValue[] => Array.isArray(outcome);

export const validateUpdateSessionFiles =
  (core: SessionCore): Handler<"updateSessionFile.validate"> =>
  async ({ update_session_id }) => {
    const row = await loadSession(core, update_session_id);
    const files = row.files.map((file) => file.value);
    const outcome = validateSession(row.value, files, await progressIn(core, row.value.id));
    if (isRefused(outcome)) throw new Fault(outcome);
    await core.catalog.commit([extendedBy(core, row.value.id)]);
    return {
      has_errors: outcome.hasErrors,
      missing_files: [...outcome.missingFiles],
      invalid_files: outcome.invalidFiles.map((file) => ({
        name: file.name,
        error_message: presentMessage(file.errorMessage),
      })),
    };
  };
