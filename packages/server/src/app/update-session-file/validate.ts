import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { ValidationResult } from "../../domain/session-file/validate.ts";
import { isToBeSent } from "../../domain/session-file/not-received.ts";
import { validateSession } from "../../domain/session-file/validate.ts";
import { requireActive } from "../../domain/update-session/guard.ts";
import type { CancelSignal } from "../../ports/index.ts";
import type { Handler } from "../call.ts";
import { Fault } from "../fault.ts";
import { loadItem } from "../item/access.ts";
import { orFault } from "../or-fault.ts";
import { judgeSession } from "../packages/judge-session.ts";
import { loadTypedHead } from "../packages/adopt-type.ts";
import { whileFilesGo } from "../packages/foresight.ts";
import type { PackageCore } from "../packages/settle-package.ts";
import { presentMessage } from "../present.ts";
import type { FollowCore } from "../pulls/follow-named.ts";
import { followNamed } from "../pulls/follow-named.ts";
import type { SessionCore } from "../update-session/access.ts";
import { loadSession } from "../update-session/access.ts";
import { progressIn } from "./access.ts";
import { extendedBy } from "./change.ts";

const isRefused = (
  outcome: ValidationResult | readonly FaultValue[],
): outcome is readonly FaultValue[] => Array.isArray(outcome);

type ValidateCore = SessionCore & PackageCore;

const validate = async (core: ValidateCore, idText: string, signal: CancelSignal) => {
  const row = await loadSession(core, idText);
  const session = orFault(requireActive(row.value, "validate"));
  const files = row.files.map((file) => file.value);
  const item = (await loadItem(core.catalog, session.itemId)).value;
  const judged = files.some(isToBeSent) ? null : await judgeSession(core, item, { files, signal });
  const findProgress = await progressIn(core, session.id);
  const judgement = judged?.judgement ?? null;
  return { session, outcome: validateSession(session, files, { findProgress, judgement }) };
};

export const validateUpdateSessionFiles =
  (core: ValidateCore & FollowCore): Handler<"updateSessionFile.validate"> =>
  async ({ update_session_id }, { signal }) => {
    await loadTypedHead(core, update_session_id);
    await followNamed(core, update_session_id);
    const { session, outcome } = await whileFilesGo(signal, () =>
      validate(core, update_session_id, signal),
    );
    if (isRefused(outcome)) throw new Fault(outcome);
    await core.catalog.commit([extendedBy(core, session.id)]);
    return {
      has_errors: outcome.hasErrors,
      missing_files: [...outcome.missingFiles],
      invalid_files: outcome.invalidFiles.map((file) => ({
        name: file.name,
        error_message: presentMessage(file.errorMessage),
      })),
    };
  };
