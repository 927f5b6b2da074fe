import type { Instant, UpdateSessionId } from "../../../domain/ids.ts";
import type { SessionFile, UpdateSession } from "../../../domain/update-session.ts";
import type { Change, ClashReason } from "../../../ports/change.ts";
import type { Rev } from "../../../ports/row.ts";
import { dropReferences, noteIfIdle } from "./blob-references.ts";
import { insertFirstFile, updateSessionHolder } from "./change-session-file.ts";
import { takePinsOf } from "./pins.ts";
import type { Transaction } from "./transaction.ts";

export const UPDATE_SESSION_SQL = {
  itemVersion: "SELECT content_version FROM items WHERE id = ?",
  activeOf: `SELECT 1 AS found FROM update_sessions WHERE item_id = ? AND state = 'ACTIVE'`,
  insert: `INSERT INTO update_sessions (id, owner_id, item_id, state, expires_at, ended_at, rev, files_rev, body, package)
    VALUES (?, ?, ?, ?, ?, ?, 1, 1, ?, ?) ON CONFLICT (id) DO NOTHING`,
  isAt: "SELECT 1 AS found FROM update_sessions WHERE id = ? AND rev = ?",
  present: "SELECT state, expires_at, rev, files_rev FROM update_sessions WHERE id = ?",
  update: `UPDATE update_sessions
    SET state = ?, expires_at = max(expires_at, ?), ended_at = ?, rev = rev + 1, body = ? WHERE id = ?`,
  extend: `UPDATE update_sessions SET expires_at = ?2 WHERE id = ?1 AND state = 'ACTIVE' AND expires_at < ?2`,
  putPackage: "UPDATE update_sessions SET package = ? WHERE id = ?",
  delete: "DELETE FROM update_sessions WHERE id = ? AND rev = ?",
} as const;

interface PresentRow {
  readonly state: UpdateSession["state"];
  readonly expires_at: Instant;
  readonly rev: Rev;
  readonly files_rev: Rev;
}

const endedAtOf = (session: UpdateSession): Instant | null =>
  session.state === "ACTIVE" ? null : session.endedAt;

/** The session without what has a column of its own. */
const bodyOf = ({ package: _known, ...session }: UpdateSession): string => JSON.stringify(session);

export const createSession = (
  transaction: Transaction,
  session: UpdateSession,
  files: readonly SessionFile[],
): ClashReason | null => {
  const { connection } = transaction;
  const item = connection.get<{ readonly content_version: number }>(
    UPDATE_SESSION_SQL.itemVersion,
    session.itemId,
  );
  if (item === undefined) return "item-gone";
  const isActive = session.state === "ACTIVE";
  if (isActive && connection.get(UPDATE_SESSION_SQL.activeOf, session.itemId) !== undefined)
    return "active-session";
  if (item.content_version !== session.itemContentVersion) return "row";
  const written = connection.run(
    UPDATE_SESSION_SQL.insert,
    session.id,
    session.ownerId,
    session.itemId,
    session.state,
    session.expiresAt,
    endedAtOf(session),
    bodyOf(session),
    session.package === undefined ? null : JSON.stringify(session.package),
  );
  if (written !== 1) return "row";
  for (const [index, file] of files.entries())
    insertFirstFile(transaction, session, file, index + 1);
  return null;
};

/** An end for want of activity was decided on an expiry; a later one that was stored meanwhile undoes the decision. */
const isDecidedOnStaleExpiry = (session: UpdateSession, present: PresentRow): boolean =>
  session.state === "EXPIRED" && present.expires_at > session.expiresAt;

export const putSession = (
  transaction: Transaction,
  session: UpdateSession,
  expected: { readonly rev: Rev; readonly filesRev: Rev | undefined },
): ClashReason | null => {
  const { connection } = transaction;
  const present = connection.get<PresentRow>(UPDATE_SESSION_SQL.present, session.id);
  if (present === undefined || present.rev !== expected.rev) return "row";
  if (expected.filesRev !== undefined && present.files_rev !== expected.filesRev) return "row";
  if (isDecidedOnStaleExpiry(session, present)) return "row";
  if (session.state === "ACTIVE" && present.state !== "ACTIVE") return "session-not-active";
  connection.run(
    UPDATE_SESSION_SQL.update,
    session.state,
    session.expiresAt,
    endedAtOf(session),
    bodyOf(session),
    session.id,
  );
  if (session.state !== "ACTIVE") endHolding(transaction, session.id);
  return null;
};

export const expectSession = (
  { connection }: Transaction,
  id: UpdateSessionId,
  rev: Rev,
): ClashReason | null =>
  connection.get(UPDATE_SESSION_SQL.isAt, id, rev) === undefined ? "row" : null;

export const extendSession = (
  { connection }: Transaction,
  id: UpdateSessionId,
  expiresAt: Instant,
): void => {
  connection.run(UPDATE_SESSION_SQL.extend, id, expiresAt);
};

export const putSessionPackage = (
  { connection }: Transaction,
  { id, filesRev, package: known }: Extract<Change, { readonly kind: "session.package" }>,
): ClashReason | null => {
  const present = connection.get<PresentRow>(UPDATE_SESSION_SQL.present, id);
  if (present === undefined || present.state !== "ACTIVE") return "session-not-active";
  if (present.files_rev !== filesRev) return "row";
  connection.run(UPDATE_SESSION_SQL.putPackage, JSON.stringify(known), id);
  return null;
};

/** The foreign key takes the files along. */
export const deleteSession = (
  transaction: Transaction,
  id: UpdateSessionId,
  rev: Rev,
): ClashReason | null => {
  if (transaction.connection.run(UPDATE_SESSION_SQL.delete, id, rev) !== 1) return "row";
  endHolding(transaction, id);
  return null;
};

/** The pins go at the end of the change set, so that `pins.spend` of the same set still finds them. */
const endHolding = (transaction: Transaction, id: UpdateSessionId): void => {
  dropReferences(transaction, updateSessionHolder(id));
  transaction.endedSessions.add(id);
};

/** Takes the pins of the sessions that the change set ended. */
export const lapsePins = (transaction: Transaction): void => {
  for (const id of transaction.endedSessions) {
    for (const digest of takePinsOf(transaction.connection, id)) noteIfIdle(transaction, digest);
  }
};
