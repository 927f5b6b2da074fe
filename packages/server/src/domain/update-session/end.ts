import { isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue, Message } from "@contentlib/contract/vocabulary";
import { clientErrorMessage } from "../client-error-message.ts";
import type { Instant } from "../ids.ts";
import type { ActiveUpdateSession, UpdateSession } from "../update-session.ts";
import { factsOf } from "./facts-of.ts";
import { requireActive } from "./guard.ts";

export type CanceledUpdateSession = Extract<UpdateSession, { readonly state: "CANCELED" }>;
export type FailedUpdateSession = Extract<UpdateSession, { readonly state: "ERROR" }>;

/** The session, canceled by its client. Its transfers are to be cut and its received bytes released. (S42 to S45) */
export const cancel = (
  session: UpdateSession,
  now: Instant,
): CanceledUpdateSession | FaultValue => {
  const active = requireActive(session, "cancel");
  return isFault(active) ? active : { ...factsOf(active), state: "CANCELED", endedAt: now };
};

/** The session, ended in ERROR by its client with the client's own text. (S46 to S49) */
export const fail = (
  session: UpdateSession,
  clientMessage: string | undefined,
  now: Instant,
): FailedUpdateSession | FaultValue => {
  const active = requireActive(session, "fail");
  return isFault(active)
    ? active
    : breakOff(active, clientErrorMessage(clientMessage, "update_session"), now);
};

/** The session, ended in ERROR by the server itself, as when the storage failed while it was completed. (S41) */
export const breakOff = (
  session: ActiveUpdateSession,
  errorMessage: Message,
  now: Instant,
): FailedUpdateSession => ({ ...factsOf(session), state: "ERROR", endedAt: now, errorMessage });

/** The session after its item, or the item's library, was deleted; null when it had ended already. (S36) */
export const endWithItem = (session: UpdateSession, now: Instant): CanceledUpdateSession | null =>
  session.state === "ACTIVE" ? { ...factsOf(session), state: "CANCELED", endedAt: now } : null;
