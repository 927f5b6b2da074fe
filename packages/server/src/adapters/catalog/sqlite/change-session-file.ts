import type { EntryId, Sha256, StagedId, UpdateSessionId } from "../../../domain/ids.ts";
import type { SessionFile, UpdateSession } from "../../../domain/update-session.ts";
import type { ClashReason } from "../../../ports/change.ts";
import type { Rev } from "../../../ports/row.ts";
import { type BlobReference, type Holder, setReference } from "./blob-references.ts";
import { forgetPartialBytes } from "./change-partial.ts";
import type { Transaction } from "./transaction.ts";

/** A file's `rev` is the `files_rev` of the write that made it, so a name added again never looks like the one before. */
export const SESSION_FILE_SQL = {
  sessionState: "SELECT state, files_rev FROM update_sessions WHERE id = ?",
  insertFirst:
    "INSERT INTO session_files (session_id, position, name, rev, staged_id, entry_id, body) VALUES (?, ?, ?, 1, ?, ?, ?)",
  insert: `INSERT INTO session_files (session_id, position, name, rev, staged_id, entry_id, body)
    VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM session_files WHERE session_id = ?1), ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT (session_id, name) DO NOTHING`,
  update:
    "UPDATE session_files SET rev = ?, staged_id = ?, entry_id = ?, body = ? WHERE session_id = ? AND name = ? AND rev = ?",
  delete: "DELETE FROM session_files WHERE session_id = ? AND name = ? AND rev = ?",
  moveFilesRev: "UPDATE update_sessions SET files_rev = ? WHERE id = ?",
} as const;

interface StagedBytes extends BlobReference {
  readonly stagedId: StagedId;
  readonly digest: Sha256;
}

/** Bytes that the session itself holds. What it keeps of the item (source NONE) the item holds. */
const stagedBytesOf = (file: SessionFile): StagedBytes | null =>
  file.source !== "NONE" && file.receipt.status === "READY" ? file.receipt : null;

const entryIdOf = (file: SessionFile): EntryId | null =>
  file.source !== "NONE" ? file.entryId : null;

export const updateSessionHolder = (id: UpdateSessionId): Holder => ({
  kind: "update-session",
  id,
});

/** Writes a file of the set that a new session begins with. */
export const insertFirstFile = (
  transaction: Transaction,
  session: UpdateSession,
  file: SessionFile,
  position: number,
): void => {
  const staged = stagedBytesOf(file);
  transaction.connection.run(
    SESSION_FILE_SQL.insertFirst,
    session.id,
    position,
    file.name,
    staged?.stagedId ?? null,
    entryIdOf(file),
    JSON.stringify(file),
  );
  if (staged !== null && session.state === "ACTIVE") {
    setReference(transaction, updateSessionHolder(session.id), file.name, staged);
  }
};

/** The `files_rev` that a write of a file gives its session; null when the session is not ACTIVE. */
const nextFilesRev = ({ connection }: Transaction, id: UpdateSessionId): Rev | null => {
  const session = connection.get<{ readonly state: string; readonly files_rev: Rev }>(
    SESSION_FILE_SQL.sessionState,
    id,
  );
  return session?.state === "ACTIVE" ? session.files_rev + 1 : null;
};

export const putSessionFile = (
  transaction: Transaction,
  sessionId: UpdateSessionId,
  file: SessionFile,
  rev: Rev | null,
): ClashReason | null => {
  const { connection } = transaction;
  const filesRev = nextFilesRev(transaction, sessionId);
  if (filesRev === null) return "session-not-active";
  const staged = stagedBytesOf(file);
  const stagedId = staged?.stagedId ?? null;
  const entryId = entryIdOf(file);
  const body = JSON.stringify(file);
  const written =
    rev === null
      ? connection.run(
          SESSION_FILE_SQL.insert,
          sessionId,
          file.name,
          filesRev,
          stagedId,
          entryId,
          body,
        )
      : connection.run(
          SESSION_FILE_SQL.update,
          filesRev,
          stagedId,
          entryId,
          body,
          sessionId,
          file.name,
          rev,
        );
  if (written !== 1) return "row";
  connection.run(SESSION_FILE_SQL.moveFilesRev, filesRev, sessionId);
  if (file.source !== "NONE" && file.receipt.status !== "WAITING")
    forgetPartialBytes(transaction, { sessionId, entryId: file.entryId });
  return setReference(transaction, updateSessionHolder(sessionId), file.name, staged);
};

export const deleteSessionFile = (
  transaction: Transaction,
  sessionId: UpdateSessionId,
  name: string,
  rev: Rev,
): ClashReason | null => {
  const { connection } = transaction;
  const filesRev = nextFilesRev(transaction, sessionId);
  if (filesRev === null) return "session-not-active";
  if (connection.run(SESSION_FILE_SQL.delete, sessionId, name, rev) !== 1) return "row";
  connection.run(SESSION_FILE_SQL.moveFilesRev, filesRev, sessionId);
  return setReference(transaction, updateSessionHolder(sessionId), name, null);
};
