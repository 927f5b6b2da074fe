import type { EntryId, UpdateSessionId } from "../../domain/ids.ts";
import type { UploadEntry } from "../../domain/partial-upload.ts";
import { isToFollow } from "../../domain/session-file/named-files.ts";
import { isCompleting } from "../../domain/update-session/guard.ts";
import type { UpdateSession } from "../../domain/update-session.ts";
import { Fault } from "../fault.ts";
import { LiveTransfer } from "../live-transfers.ts";
import type { FinishCore } from "../update-session/finish-completion.ts";
import { finishCompletion } from "../update-session/finish-completion.ts";
import { followNamed } from "./follow-named.ts";

/** How often what follows a pull is tried, where it can not be written down. */
const TRIES_MAX = 12;
/** How long is waited before it is tried again, in milliseconds: twice as long each time, and at most so long. */
const RETRY_FIRST_MS = 1_000;
const RETRY_MOST_MS = 30_000;

/** Nobody waits for it, so that what goes wrong is told to the operator; false where it may go well another time. */
const isDone = async (core: FinishCore, work: () => Promise<void>): Promise<boolean> => {
  try {
    await work();
    return true;
  } catch (error) {
    // The session has ended meanwhile, and nothing follows any more.
    if (error instanceof Fault && error.code !== "server.unavailable") return true;
    core.journal.trouble({ where: "going on after a pull", error });
    return false;
  }
};

/** Waits before the next try, and lets the session live meanwhile; false where that has ended, or the server stops. */
const rest = async (
  core: FinishCore,
  session: UpdateSession,
  { entryId, tries }: { readonly entryId: EntryId; readonly tries: number },
): Promise<boolean> => {
  const waiting = new LiveTransfer(session.id, session.ownerId, entryId, core.time.now());
  waiting.phase = "waiting";
  waiting.holdsSession = true;
  waiting.endWriting();
  core.live.enter(waiting);
  try {
    await core.clock.sleep(
      Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** (tries - 1)),
      waiting.signal,
    );
    return true;
  } catch (error) {
    if (waiting.signal.aborted) return false;
    throw error;
  } finally {
    core.live.leave(waiting);
  }
};

const goOn = async (core: FinishCore, { sessionId, entryId }: UploadEntry): Promise<void> => {
  const file = await core.catalog.findSessionFile({ sessionId, entryId });
  if (file !== null && isToFollow(file.value)) await followNamed(core, sessionId);
  await finishCompletion(core, sessionId);
};

/**
 * What follows once a pulled file is READY, or in ERROR: what it names is pulled as well, and a completion that has waited for it goes
 * on. To be called outside of any lock; it never fails. (S112, S115)
 */
export const afterPull = async (
  core: FinishCore,
  sessionId: UpdateSessionId,
  entryId: EntryId,
): Promise<void> => {
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    if (await isDone(core, () => goOn(core, { sessionId, entryId }))) return;
    const session = await core.catalog.findSessionHead(sessionId).catch(() => null);
    if (session?.value.state !== "ACTIVE") return;
    if (!(await rest(core, session.value, { entryId, tries }))) return;
  }
};

const hasToGoOn = async (core: FinishCore, session: UpdateSession): Promise<boolean> => {
  if (isCompleting(session)) return true;
  const row = await core.catalog.findSession(session.id);
  return row?.files.some(({ value }) => isToFollow(value)) ?? false;
};

/** After a start: what was to follow a pull when the server ended. Waiting files are not begun here. (S114, S116) */
export const recoverPulled = async (core: FinishCore): Promise<void> => {
  const { updates } = await core.catalog.housekeeping.listActive();
  for (const { value: session } of updates)
    await isDone(core, async () => {
      if (!(await hasToGoOn(core, session))) return;
      await followNamed(core, session.id);
      await finishCompletion(core, session.id);
    });
};
