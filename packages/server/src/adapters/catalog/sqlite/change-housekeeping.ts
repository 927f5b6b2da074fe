import type { Instant, Sha256, UpdateSessionId } from "../../../domain/ids.ts";
import { noteIfIdle } from "./blob-references.ts";
import { purgeRevisions } from "./change-revision.ts";
import { takeAbandonedPins, takePinsOf } from "./pins.ts";
import type { Transaction } from "./transaction.ts";
import type { PurgeLimits } from "./write-requests.ts";

export const HOUSEKEEPING_SQL = {
  noteStored: `INSERT INTO idle_blobs (digest, unreferenced_since, doomed)
    SELECT ?1, ?2, 0 WHERE NOT EXISTS (SELECT 1 FROM blob_refs WHERE digest = ?1) ON CONFLICT (digest) DO NOTHING`,
  isHeld: `SELECT 1 AS found WHERE EXISTS (SELECT 1 FROM blob_refs WHERE digest = ?1)
    OR EXISTS (SELECT 1 FROM pins WHERE digest = ?1)`,
  doom: `INSERT INTO idle_blobs (digest, unreferenced_since, doomed) VALUES (?, ?, 1)
    ON CONFLICT (digest) DO UPDATE SET doomed = 1`,
  settle: "DELETE FROM idle_blobs WHERE digest = ? AND doomed = 1",
  setMeta:
    "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  setMetaOnce: "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
  purgeUpdateSessions: `DELETE FROM update_sessions WHERE seq IN
    (SELECT seq FROM update_sessions WHERE ended_at IS NOT NULL AND ended_at <= ? LIMIT ?)`,
  purgeDownloadSessions: `DELETE FROM download_sessions WHERE seq IN
    (SELECT seq FROM download_sessions WHERE ended_at IS NOT NULL AND ended_at <= ? LIMIT ?)`,
  purgeIdleLogins: `DELETE FROM logins WHERE id_hash IN
    (SELECT id_hash FROM logins WHERE last_accessed_at <= ? LIMIT ?)`,
  purgeOldLogins:
    "DELETE FROM logins WHERE id_hash IN (SELECT id_hash FROM logins WHERE created_at <= ? LIMIT ?)",
  purgeClientTokens: `DELETE FROM client_tokens WHERE (account_id, operation, token) IN
    (SELECT account_id, operation, token FROM client_tokens WHERE result_gone = 1 AND created_at < ? LIMIT ?)`,
  purgeAudit:
    "DELETE FROM audit_rows WHERE id IN (SELECT id FROM audit_rows WHERE last_at < ? LIMIT ?)",
} as const;

/** Most revisions that one purging transaction forgets: each may hold thousands of files. */
const REVISIONS_PURGED_MAX = 50;

/** Names of the single values that the catalog keeps. */
export const META = { serverGuid: "server_guid", aliveAt: "alive_at" } as const;

export const unpin = (transaction: Transaction, holder: UpdateSessionId): void => {
  for (const digest of takePinsOf(transaction.connection, holder)) noteIfIdle(transaction, digest);
};

export const noteStored = (
  { connection }: Transaction,
  digests: readonly Sha256[],
  since: Instant,
): void => {
  for (const digest of digests) connection.run(HOUSEKEEPING_SQL.noteStored, digest, since);
};

/** The look and the doom share a transaction with every pin and reference, so nothing comes between them. */
export const doom = ({ connection, at }: Transaction, digest: Sha256): boolean => {
  if (connection.get(HOUSEKEEPING_SQL.isHeld, digest) !== undefined) return false;
  connection.run(HOUSEKEEPING_SQL.doom, digest, at);
  return true;
};

export const settle = ({ connection }: Transaction, digest: Sha256): void => {
  connection.run(HOUSEKEEPING_SQL.settle, digest);
};

export const noteAlive = ({ connection }: Transaction, aliveAt: Instant): void => {
  connection.run(HOUSEKEEPING_SQL.setMeta, META.aliveAt, aliveAt);
};

/** Purges at most `rowsMax` rows of each table, so that other writers get their turn in between. */
export const purge = (transaction: Transaction, limits: PurgeLimits, rowsMax: number): number => {
  const { connection } = transaction;
  for (const digest of takeAbandonedPins(connection)) noteIfIdle(transaction, digest);
  return (
    purgeRevisions(transaction, limits.revisionsKept, Math.min(rowsMax, REVISIONS_PURGED_MAX)) +
    connection.run(HOUSEKEEPING_SQL.purgeUpdateSessions, limits.endedBefore, rowsMax) +
    connection.run(HOUSEKEEPING_SQL.purgeDownloadSessions, limits.endedBefore, rowsMax) +
    connection.run(HOUSEKEEPING_SQL.purgeIdleLogins, limits.loginsIdleSince, rowsMax) +
    connection.run(HOUSEKEEPING_SQL.purgeOldLogins, limits.loginsCreatedBefore, rowsMax) +
    connection.run(HOUSEKEEPING_SQL.purgeClientTokens, limits.tokensBefore, rowsMax) +
    connection.run(HOUSEKEEPING_SQL.purgeAudit, limits.auditBefore, rowsMax)
  );
};
