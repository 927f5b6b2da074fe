import type { DownloadSession } from "../../../domain/download-session.ts";
import type { DownloadSessionId, Instant } from "../../../domain/ids.ts";
import type { ClashReason } from "../../../ports/change.ts";
import type { Rev } from "../../../ports/row.ts";
import {
  type BlobReference,
  dropReferences,
  type Holder,
  referencesOf,
  setReferences,
} from "./blob-references.ts";
import type { Transaction } from "./transaction.ts";

export const DOWNLOAD_SQL = {
  insert: `INSERT INTO download_sessions (id, owner_id, item_id, state, expires_at, ended_at, rev, body)
    VALUES (?, ?, ?, ?, ?, ?, 1, ?) ON CONFLICT (id) DO NOTHING`,
  present: "SELECT state, expires_at, rev FROM download_sessions WHERE id = ?",
  update: `UPDATE download_sessions
    SET state = ?, expires_at = max(expires_at, ?), ended_at = ?, rev = rev + 1, body = ? WHERE id = ?`,
  extend: `UPDATE download_sessions SET expires_at = ?2 WHERE id = ?1 AND state = 'ACTIVE' AND expires_at < ?2`,
  delete: "DELETE FROM download_sessions WHERE id = ? AND rev = ?",
} as const;

interface PresentRow {
  readonly state: DownloadSession["state"];
  readonly expires_at: Instant;
  readonly rev: Rev;
}

const holderOf = (id: DownloadSessionId): Holder => ({ kind: "download-session", id });

const endedAtOf = (session: DownloadSession): Instant | null =>
  session.state === "ACTIVE" ? null : session.endedAt;

const readFrom = (session: DownloadSession): ReadonlyMap<string, BlobReference> =>
  referencesOf(session.state === "ACTIVE" ? session.files.map(({ file }) => file) : []);

const insert = ({ connection }: Transaction, session: DownloadSession): ClashReason | null => {
  const written = connection.run(
    DOWNLOAD_SQL.insert,
    session.id,
    session.ownerId,
    session.itemId,
    session.state,
    session.expiresAt,
    endedAtOf(session),
    JSON.stringify(session),
  );
  return written === 1 ? null : "row";
};

const update = (
  { connection }: Transaction,
  session: DownloadSession,
  rev: Rev,
): ClashReason | null => {
  const present = connection.get<PresentRow>(DOWNLOAD_SQL.present, session.id);
  if (present === undefined || present.rev !== rev) return "row";
  if (session.state === "EXPIRED" && present.expires_at > session.expiresAt) return "row";
  if (session.state === "ACTIVE" && present.state !== "ACTIVE") return "session-not-active";
  connection.run(
    DOWNLOAD_SQL.update,
    session.state,
    session.expiresAt,
    endedAtOf(session),
    JSON.stringify(session),
    session.id,
  );
  return null;
};

export const putDownload = (
  transaction: Transaction,
  session: DownloadSession,
  rev: Rev | null,
): ClashReason | null => {
  const clash = rev === null ? insert(transaction, session) : update(transaction, session, rev);
  return clash ?? setReferences(transaction, holderOf(session.id), readFrom(session));
};

export const extendDownload = (
  { connection }: Transaction,
  id: DownloadSessionId,
  expiresAt: Instant,
): void => {
  connection.run(DOWNLOAD_SQL.extend, id, expiresAt);
};

export const deleteDownload = (
  transaction: Transaction,
  id: DownloadSessionId,
  rev: Rev,
): ClashReason | null => {
  if (transaction.connection.run(DOWNLOAD_SQL.delete, id, rev) !== 1) return "row";
  dropReferences(transaction, holderOf(id));
  return null;
};
