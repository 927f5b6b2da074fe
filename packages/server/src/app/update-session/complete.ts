import { parseChangeMessage } from "../../domain/change-message.ts";
import { countingWarnings } from "../../domain/plan-commit.ts";
import { isAwaited } from "../../domain/session-file/not-received.ts";
import type { Call, Handler } from "../call.ts";
import { Fault } from "../fault.ts";
import { given } from "../given.ts";
import { orFault } from "../or-fault.ts";
import { adoptType } from "../packages/adopt-type.ts";
import { withForesight } from "../packages/foresight.ts";
import type { FollowCore } from "../pulls/follow-named.ts";
import { followNamed } from "../pulls/follow-named.ts";
import { loadSession, loadSessionHead } from "./access.ts";
import { completeInTurn } from "./complete-in-turn.ts";
import type { Completion, CompletionCore } from "./decide-completion.ts";
import { foreseeFiles } from "./decide-completion.ts";

/** What the caller says of the change. What can not be kept refuses the call before anything is done. (S88) */
const messageIn = (call: Call): string | undefined =>
  orFault(parseChangeMessage(call.changeMessage() ?? undefined, "the header contentlib-message"));

/**
 * Warnings that only a type shows which the session was not judged by before: no preview told of them, so they refuse, and do not end
 * the session. From then on the preview has them. (S96)
 */
const adoptBeforeComplete = async (core: CompletionCore, idText: string): Promise<void> => {
  const { value: session } = await loadSessionHead(core, idText);
  const adopted = await adoptType(core, session);
  const fault = adopted === null ? null : countingWarnings(session, adopted.preview);
  if (fault !== null) throw new Fault(fault);
};

/** Begins what is waited for, should nobody be at it: a job ends where it can not find out what it is to do. Begun ones go on. */
const beginAwaited = async (core: CompletionCore & FollowCore, idText: string): Promise<void> => {
  try {
    const { value: session, files } = await loadSession(core, idText);
    for (const { value: file } of files)
      if (file.source === "PULL" && isAwaited(file))
        core.pulls.begin({ sessionId: session.id, entryId: file.entryId });
  } catch (error) {
    // The completion is pending all the same.
    core.journal.trouble({ where: "beginning to pull", error });
  }
};

/**
 * All changes of the session become visible at once, or none does; it answers only when they are safe, or when nothing is left to wait
 * for but files that the server pulls: then the completion is pending. (S15, S70, S110)
 */
export const completeUpdateSession =
  (core: CompletionCore & FollowCore): Handler<"updateSession.complete"> =>
  async ({ update_session_id }, call) => {
    const { caller, signal } = call;
    const by = { caller, signal, ...given({ message: messageIn(call) }) };
    const completion: Completion = { by, isPending: false };
    const isDone = await withForesight(
      async () => {
        await adoptBeforeComplete(core, update_session_id);
        await followNamed(core, update_session_id);
        await foreseeFiles(core, update_session_id, completion);
      },
      () => completeInTurn(core, update_session_id, completion),
    );
    if (!isDone) await beginAwaited(core, update_session_id);
  };
