import { whileFilesGo } from "../packages/foresight.ts";
import { releaseStaged } from "../release-staged.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { Completion, CompletionCore } from "./decide-completion.ts";
import { decideCompletion } from "./decide-completion.ts";

/** Completes a session under its lock, and tells of it where it is DONE then; false where it is not. (S15, S70) */
export const completeInTurn = (
  core: CompletionCore,
  idText: string,
  completion: Completion,
): Promise<boolean> =>
  core.exclusive.run(idText.toLowerCase(), async () => {
    const plan = await commitDecision(core.catalog, () =>
      whileFilesGo(completion.by.signal, () => decideCompletion(core, idText, completion)),
    );
    if (plan === null) return false;
    await releaseStaged(core, plan.release);
    const { item, session } = plan;
    core.journal.sessionEnded({
      sessionId: session.id,
      itemId: item.id,
      state: "DONE",
      why: "completed",
    });
    if (plan.contentChanged) {
      core.journal.contentChanged({
        itemId: item.id,
        contentVersion: item.contentVersion,
        sessionId: session.id,
      });
    }
    return true;
  });
