import type { PartialUpload, UploadEntry } from "../../../domain/partial-upload.ts";
import type { UpdateSession } from "../../../domain/update-session.ts";
import type { Change, ClashReason } from "../../../ports/change.ts";
import type { Transaction } from "./transaction.ts";

/** Statements about what has come of files so far. */
export const PARTIAL_SQL = {
  sessionState: "SELECT state FROM update_sessions WHERE id = ?",
  waiting: `SELECT 1 AS found FROM session_files
    WHERE session_id = ? AND entry_id = ? AND body ->> '$.receipt.status' = 'WAITING'`,
  fence: "SELECT fence FROM partials WHERE session_id = ? AND entry_id = ?",
  put: `INSERT INTO partials (session_id, entry_id, fence, staged_id, durable_bytes, length_bytes, validator)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (session_id, entry_id) DO UPDATE SET fence = excluded.fence, staged_id = excluded.staged_id,
      durable_bytes = excluded.durable_bytes, length_bytes = excluded.length_bytes, validator = excluded.validator`,
  advance: `UPDATE partials SET durable_bytes = max(durable_bytes, ?4), length_bytes = coalesce(length_bytes, ?5)
    WHERE session_id = ?1 AND entry_id = ?2 AND fence = ?3 AND staged_id IS NOT NULL`,
  forgetBytes: `UPDATE partials SET staged_id = NULL, durable_bytes = 0, length_bytes = NULL, validator = NULL
    WHERE session_id = ? AND entry_id = ?`,
} as const;

const fenceOf = ({ connection }: Transaction, { sessionId, entryId }: UploadEntry): number =>
  connection.get<{ readonly fence: number }>(PARTIAL_SQL.fence, sessionId, entryId)?.fence ?? 0;

export const putPartial = (
  transaction: Transaction,
  partial: PartialUpload,
): ClashReason | null => {
  const { connection } = transaction;
  const { sessionId, entryId, fence, stagedId, durableBytes, lengthBytes, validator } = partial;
  const session = connection.get<{ readonly state: UpdateSession["state"] }>(
    PARTIAL_SQL.sessionState,
    sessionId,
  );
  if (session?.state !== "ACTIVE") return "session-not-active";
  if (connection.get(PARTIAL_SQL.waiting, sessionId, entryId) === undefined) return "row";
  if (fenceOf(transaction, partial) >= fence) return "fenced";
  connection.run(
    PARTIAL_SQL.put,
    sessionId,
    entryId,
    fence,
    stagedId,
    durableBytes,
    lengthBytes ?? null,
    validator ?? null,
  );
  return null;
};

export const advancePartial = (
  { connection }: Transaction,
  { sessionId, entryId }: UploadEntry,
  advance: Extract<Change, { readonly kind: "partial.advance" }>,
): void => {
  const { fence, durableBytes, lengthBytes = null } = advance;
  connection.run(PARTIAL_SQL.advance, sessionId, entryId, fence, durableBytes, lengthBytes);
};

export const expectFence = (
  transaction: Transaction,
  entry: UploadEntry,
  fence: number,
): ClashReason | null => (fenceOf(transaction, entry) > fence ? "fenced" : null);

/** The bytes of an entry belong to its file now, or are given up. */
export const forgetPartialBytes = (
  { connection }: Transaction,
  { sessionId, entryId }: UploadEntry,
): void => {
  connection.run(PARTIAL_SQL.forgetBytes, sessionId, entryId);
};
