import type { Message } from "@contentlib/contract/vocabulary";
import { faultOf, messageOf } from "@contentlib/contract/vocabulary";
import type { UpdateSessionId } from "../../domain/ids.ts";
import type { FailedUpdateSession } from "../../domain/update-session/end.ts";
import { breakOff } from "../../domain/update-session/end.ts";
import { isCompleting } from "../../domain/update-session/guard.ts";
import type { PendingCompletion } from "../../domain/update-session.ts";
import type { CancelSignal, Deed } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import { doerOf } from "../audit/deeds.ts";
import { Fault } from "../fault.ts";
import { adoptType } from "../packages/adopt-type.ts";
import { withForesight } from "../packages/foresight.ts";
import type { FollowCore } from "../pulls/follow-named.ts";
import { followNamed } from "../pulls/follow-named.ts";
import { commitDecision } from "../unit-of-work.ts";
import { loadSessionHead } from "./access.ts";
import { completeInTurn } from "./complete-in-turn.ts";
import { completerOf } from "./completer.ts";
import type { Completion, CompletionCore } from "./decide-completion.ts";
import { foreseeFiles } from "./decide-completion.ts";
import { settleEnd } from "./expire.ts";

/** What it takes to end a pending completion. */
export type FinishCore = CompletionCore & FollowCore;

/** How often a completion is tried that something kept from being decided which goes by. Each try waits by itself. */
const TRIES_MAX = 12;

/** The trail tells of it as of a call by whoever completed: no address, since nobody calls now. */
const completingDeed = ({ by, userName }: PendingCompletion): Deed => ({
  doer: doerOf({
    accountId: by.id,
    userName,
    ...(by.tokenId === undefined ? {} : { tokenId: by.tokenId }),
  }),
  operation: "updateSession.complete",
});

/** Whether the same completion may well succeed a moment later. */
const isPassing = (error: unknown): boolean =>
  error instanceof Fault && error.code === "server.unavailable";

/** What the session ends with, where it can not be completed; null where that says nothing of the session. */
const failureOf = (error: unknown): Message | null => {
  const refused = (reason: string): Message =>
    messageOf(faultOf("update_session.invalid_state", "complete", "ERROR", reason));
  if (error instanceof PortError) return refused(`The storage failed: ${error.message}`);
  if (!(error instanceof Fault)) return null;
  // Whoever is not let in would be asked to log in, and nobody is there to do so.
  if (error.code === "login.required")
    return refused("The user who completed it is not let in any more.");
  const [first] = error.values;
  return first === undefined ? null : messageOf(first);
};

/** Ends a session in ERROR whose completion is still pending; otherwise nothing happens: it has ended in another way. */
const failPending = async (
  core: FinishCore,
  id: UpdateSessionId,
  message: Message,
): Promise<void> => {
  const ended = await commitDecision<FailedUpdateSession | null>(core.catalog, async () => {
    const row = await core.catalog.findSessionHead(id);
    if (row === null || !isCompleting(row.value)) return { changes: [], result: null };
    const session = breakOff(row.value, message, core.time.now());
    return { changes: [{ kind: "session.put", session, rev: row.rev }], result: session };
  });
  if (ended !== null) await settleEnd(core, ended, message.default_message);
};

const tryToFinish = async (
  core: FinishCore,
  id: UpdateSessionId,
  completion: Completion,
): Promise<void> => {
  for (let tries = 1; ; tries += 1)
    try {
      await withForesight(
        async () => {
          await adoptType(core, (await loadSessionHead(core, id)).value);
          await followNamed(core, id);
          await foreseeFiles(core, id, completion);
        },
        () => completeInTurn(core, id, completion),
      );
      return;
    } catch (error) {
      if (tries === TRIES_MAX || !isPassing(error)) throw error;
    }
};

/**
 * Completes a session whose completion is pending, once nothing is pulled any more, as the user who completed it; every failure ends
 * it in ERROR. Where files are still to come, where no completion is pending, and once the signal aborts, nothing happens. (S112, S113)
 */
export const finishCompletion = async (
  core: FinishCore,
  id: UpdateSessionId,
  signal: CancelSignal,
): Promise<void> => {
  const row = await core.catalog.findSessionHead(id);
  if (row === null || !isCompleting(row.value)) return;
  const { completing } = row.value;
  const completion: Completion = { by: completerOf(completing, signal), isPending: true };
  await core.deeds.within(completingDeed(completing), async () => {
    try {
      await tryToFinish(core, id, completion);
    } catch (error) {
      // The session has ended, or the server stops: a later start goes on.
      if (signal.aborted) return;
      const message = failureOf(error);
      if (message === null) throw error;
      await core.exclusive.run(id, () => failPending(core, id, message));
      if (!(error instanceof Fault))
        core.journal.trouble({ where: "completing an update session", error });
    }
  });
};
