import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { instantText } from "../instant.ts";
import { unreachable } from "../invariant.ts";
import type {
  ActiveUpdateSession,
  CompletingUpdateSession,
  UpdateSession,
} from "../update-session.ts";

/** Operations of the API that a session's state can refuse, by their own names. */
export type GuardedOperation =
  | "update"
  | "keep_alive"
  | "cancel"
  | "complete"
  | "fail"
  | "delete"
  | "add"
  | "remove"
  | "validate";

/** A session that is there for its clients: an expired one is gone. */
export type VisibleUpdateSession = Exclude<UpdateSession, { readonly state: "EXPIRED" }>;

/** What a client can do while a completion is pending; every other operation is refused. (S111) */
const WHILE_COMPLETING: ReadonlySet<GuardedOperation> = new Set(["keep_alive", "cancel", "fail"]);

const reasonFor = (session: VisibleUpdateSession): string => {
  switch (session.state) {
    case "ACTIVE":
      return session.completing === undefined
        ? "It is still open: complete, cancel or fail it first."
        : `It was completed at ${instantText(session.completing.at)} and waits for files that are still being pulled: it ends by itself. Wait for that, or cancel or fail it.`;
    case "DONE":
      return `It was completed at ${instantText(session.endedAt)}.`;
    case "CANCELED":
      return `It was canceled at ${instantText(session.endedAt)}.`;
    case "ERROR":
      return session.errorMessage.default_message;
    default:
      return unreachable(session);
  }
};

const refused = (session: VisibleUpdateSession, operation: GuardedOperation): FaultValue =>
  faultOf("update_session.invalid_state", operation, session.state, reasonFor(session));

/** The answer to any operation on a session that expired: NotFound, saying when it ended and for want of what. (S33) */
export const checkVisible = (session: UpdateSession): VisibleUpdateSession | FaultValue =>
  session.state === "EXPIRED"
    ? faultOf(
        "update_session.expired",
        session.id,
        instantText(session.endedAt),
        String(session.idleSeconds),
      )
    : session;

/** Whether a client has completed the session, and the server is to end it. (S110) */
export const isCompleting = (session: UpdateSession): session is CompletingUpdateSession =>
  session.state === "ACTIVE" && session.completing !== undefined;

/**
 * The session if it is ACTIVE, and no completion is pending that the operation would disturb; else why the operation is refused, with
 * the state and how it came about. (S4, S111)
 */
export const requireActive = (
  session: UpdateSession,
  operation: GuardedOperation,
): ActiveUpdateSession | FaultValue => {
  const visible = checkVisible(session);
  if ("fault" in visible) return visible;
  const isRefused = isCompleting(visible) && !WHILE_COMPLETING.has(operation);
  return visible.state === "ACTIVE" && !isRefused ? visible : refused(visible, operation);
};

/** Null when the record may be removed: only a session that has ended can be deleted. (S50, S51) */
export const checkDelete = (session: UpdateSession): FaultValue | null => {
  const visible = checkVisible(session);
  if ("fault" in visible) return visible;
  return visible.state === "ACTIVE" ? refused(visible, "delete") : null;
};

/** Null when the upload endpoints of the session take bytes; they are dead once it has ended. (S62) */
export const checkTakesBytes = (session: UpdateSession): FaultValue | null => {
  if (session.state === "ACTIVE") return null;
  return session.state === "EXPIRED"
    ? faultOf("transfer.unknown_endpoint")
    : faultOf("transfer.session_ended", session.state);
};

/** Null when clients may send bytes to the session; what the server pulls comes also while a completion is pending. (S111) */
export const checkTakesPushed = (session: UpdateSession): FaultValue | null =>
  isCompleting(session)
    ? faultOf("transfer.completion_pending", instantText(session.completing.at))
    : checkTakesBytes(session);

/** The refusal of a second session on an item; it names the holder and when the session will expire at the latest. (S10) */
export const itemBusy = (holder: UpdateSession): FaultValue =>
  faultOf(
    "update_session.busy",
    holder.itemId,
    holder.id,
    holder.ownerName,
    instantText(holder.expiresAt),
  );
