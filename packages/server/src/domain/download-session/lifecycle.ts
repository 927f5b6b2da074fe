import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { clientErrorMessage } from "../client-error-message.ts";
import { raiseClientProgress } from "../client-progress.ts";
import type { DownloadSession } from "../download-session.ts";
import { withActivity } from "../expiry.ts";
import type { Instant } from "../ids.ts";
import { instantText } from "../instant.ts";
import type { ActiveDownloadSession } from "./create.ts";

/** A download session that is there for its clients: an expired one is gone. */
export type VisibleDownloadSession = Exclude<DownloadSession, { readonly state: "EXPIRED" }>;
export type CanceledDownloadSession = Extract<DownloadSession, { readonly state: "CANCELED" }>;
export type FailedDownloadSession = Extract<DownloadSession, { readonly state: "ERROR" }>;

/** The answer to any operation on a download session that expired: NotFound, saying when and why (contract D17, U33). */
export const checkVisibleDownload = (
  session: DownloadSession,
): VisibleDownloadSession | FaultValue =>
  session.state === "EXPIRED"
    ? faultOf(
        "download_session.expired",
        session.id,
        instantText(session.endedAt),
        String(session.idleSeconds),
      )
    : session;

/** The session if it is ACTIVE; else why the operation is refused (contract D13, D14). */
export const requireActiveDownload = (
  session: DownloadSession,
  operation: "keep_alive" | "cancel" | "fail" | "prepare",
): ActiveDownloadSession | FaultValue => {
  const visible = checkVisibleDownload(session);
  if (isFault(visible)) return visible;
  return visible.state === "ACTIVE"
    ? visible
    : faultOf("download_session.invalid_state", operation, visible.state);
};

/** Null when the session's download endpoints give bytes; they are dead once it has ended (contract P18). */
export const checkGivesBytes = (session: DownloadSession): FaultValue | null =>
  session.state === "ACTIVE" ? null : faultOf("transfer.unknown_endpoint");

/** The session with a full timeout ahead and its client's progress, which only rises (contract D13, U19, U20). */
export const keepDownloadAlive = (
  session: DownloadSession,
  input: {
    readonly clientProgress?: number | string;
    readonly now: Instant;
    readonly timeoutMs: number;
  },
): ActiveDownloadSession | FaultValue => {
  const active = requireActiveDownload(session, "keep_alive");
  if (isFault(active)) return active;
  const clientProgress = raiseClientProgress(active.clientProgress, input.clientProgress);
  if (isFault(clientProgress)) return clientProgress;
  return withActivity({ ...active, clientProgress }, input.now, input.timeoutMs);
};

/** The session, canceled by its client; its endpoints are dead (contract D14). */
export const cancelDownload = (
  session: DownloadSession,
  now: Instant,
): CanceledDownloadSession | FaultValue => {
  const active = requireActiveDownload(session, "cancel");
  return isFault(active) ? active : { ...active, state: "CANCELED", endedAt: now };
};

/** The session, ended in ERROR by its client with the client's own text (contract D14). */
export const failDownload = (
  session: DownloadSession,
  clientMessage: string | undefined,
  now: Instant,
): FailedDownloadSession | FaultValue => {
  const active = requireActiveDownload(session, "fail");
  if (isFault(active)) return active;
  return {
    ...active,
    state: "ERROR",
    endedAt: now,
    errorMessage: clientErrorMessage(clientMessage, "download_session"),
  };
};

/** The session after its item, or the item's library, was deleted; null when it had ended already (contract D18). */
export const endDownloadWithItem = (
  session: DownloadSession,
  now: Instant,
): CanceledDownloadSession | null =>
  session.state === "ACTIVE" ? { ...session, state: "CANCELED", endedAt: now } : null;
