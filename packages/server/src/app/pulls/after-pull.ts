import type { UpdateSessionId } from "../../domain/ids.ts";
import type { UploadEntry } from "../../domain/partial-upload.ts";
import { isToFollow } from "../../domain/session-file/named-files.ts";
import { isCompleting } from "../../domain/update-session/guard.ts";
import type { SessionFile, UpdateSession } from "../../domain/update-session.ts";
import type { CancelSignal } from "../../ports/index.ts";
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

/** Whose pull it is, and when his right to it ends by itself. */
export type Whose = Pick<LiveTransfer, "ownerId" | "endsAt">;

/** Stands for what follows: the session lives as long as that takes, and its end ends it. (S104) */
const hold = (
  core: FinishCore,
  sessionId: UpdateSessionId,
  { ownerId, endsAt }: Whose,
): LiveTransfer => {
  const holding = new LiveTransfer(sessionId, ownerId, core.ids.entryId(), core.time.now());
  holding.phase = "waiting";
  holding.endsAt = endsAt;
  holding.holdsSession = true;
  holding.endWriting();
  core.live.enter(holding);
  return holding;
};

/** Waits before the next try; false where the session has ended, or the server stops. */
const rest = async (core: FinishCore, signal: CancelSignal, tries: number): Promise<boolean> => {
  try {
    await core.clock.sleep(Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** (tries - 1)), signal);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
};

/**
 * Whether a completion may go on now. Where files stand for themselves, one that has come changes nothing as long as others come: to
 * look at all of them each time would take too long where they are many.
 */
const isItsTurn = (
  core: FinishCore,
  session: UpdateSession,
  file: SessionFile | undefined,
): boolean =>
  session.package !== undefined ||
  (file?.source === "PULL" && file.receipt.status === "ERROR") ||
  !core.pulls.isBringing(session.id);

/** What has settled, and what ends what follows. */
interface Settled extends UploadEntry {
  readonly signal: CancelSignal;
}

const goOn = async (core: FinishCore, { sessionId, entryId, signal }: Settled): Promise<void> => {
  const entry = { sessionId, entryId };
  const file = (await core.catalog.findSessionFile(entry))?.value;
  if (file !== undefined && isToFollow(file)) await followNamed(core, sessionId);
  const session = (await core.catalog.findSessionHead(sessionId))?.value;
  if (session === undefined || !isCompleting(session)) return;
  if (isItsTurn(core, session, file)) await finishCompletion(core, sessionId, signal);
};

/**
 * What follows once a pulled file is READY, or in ERROR: what it names is pulled as well, and a completion that has waited for it goes
 * on. To be called outside of any lock; it never fails. After a start it is called again, since that may not have been done. (S112,
 * S114 to S116)
 */
export const afterPull = async (
  core: FinishCore,
  { sessionId, entryId }: UploadEntry,
  whose: Whose,
): Promise<void> => {
  const holding = hold(core, sessionId, whose);
  const { signal } = holding;
  const settled = { sessionId, entryId, signal };
  try {
    for (let tries = 1; tries <= TRIES_MAX; tries += 1)
      if ((await isDone(core, () => goOn(core, settled))) || !(await rest(core, signal, tries)))
        return;
  } finally {
    core.live.leave(holding);
  }
};
