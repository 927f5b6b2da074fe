import type { Instant } from "./ids.ts";

/** What update and download sessions have in common: they end when nobody uses them. */
export interface Expiring {
  readonly state: string;
  readonly expiresAt: Instant;
}

/** The memory of an expired session, in place of its former state. */
export type Expired<Session extends Expiring> = Omit<Session, "state" | "completing"> & {
  readonly state: "EXPIRED";
  readonly endedAt: Instant;
  readonly idleSeconds: number;
};

/**
 * The session after something was done with it: its expiry is a full timeout away, and never earlier than it was, whatever the
 * clock says. A session that is not ACTIVE, or whose expiry does not move, is given back as it is. (S31, S32)
 */
export const withActivity = <Session extends Expiring>(
  session: Session,
  now: Instant,
  timeoutMs: number,
): Session => {
  const expiresAt = now + timeoutMs;
  return session.state === "ACTIVE" && expiresAt > session.expiresAt
    ? { ...session, expiresAt }
    : session;
};

/** Whether an ACTIVE session has seen no activity for its timeout; it never has before the expiry it showed. (S31) */
export const hasLapsed = (session: Expiring, now: Instant): boolean =>
  session.state === "ACTIVE" && session.expiresAt <= now;

/**
 * The memory that an ACTIVE session leaves when it has lapsed, null while it lives. The timeout, in milliseconds, is told to
 * whoever asks for the session later. (S33)
 */
export const expireIfLapsed = <Session extends Expiring & { readonly state: "ACTIVE" }>(
  session: Session,
  now: Instant,
  timeoutMs: number,
): Expired<Session> | null => {
  if (!hasLapsed(session, now)) return null;
  const { completing: _over, ...facts }: Session & { readonly completing?: unknown } = session;
  return {
    ...facts,
    state: "EXPIRED",
    endedAt: session.expiresAt,
    idleSeconds: Math.round(timeoutMs / 1000),
  };
};

/** What a start of the server knows about time. */
export interface Restart {
  /** The last instant at which the former run recorded that it was alive; null when there was none. */
  readonly lastAliveAt: Instant | null;
  readonly startedAt: Instant;
  readonly timeoutMs: number;
}

/**
 * An ACTIVE session after a restart. What had lapsed by the last time the server was known to be alive ends; time in which
 * nobody could have reached the server counts against no one, so every other session has a full timeout from the start. (S35)
 */
export const afterRestart = <Session extends Expiring & { readonly state: "ACTIVE" }>(
  session: Session,
  restart: Restart,
): Session | Expired<Session> => {
  const { lastAliveAt, startedAt, timeoutMs } = restart;
  const expired = lastAliveAt === null ? null : expireIfLapsed(session, lastAliveAt, timeoutMs);
  return expired ?? withActivity(session, startedAt, timeoutMs);
};
