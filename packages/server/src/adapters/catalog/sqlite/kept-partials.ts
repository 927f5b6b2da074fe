import type {
  AccountId,
  Instant,
  LibraryId,
  StagedId,
  UpdateSessionId,
} from "../../../domain/ids.ts";
import type { KeptPartial, KeptPartialKey } from "../../../domain/kept-partial.ts";
import type { ClashReason } from "../../../ports/change.ts";
import type { Reads } from "./connection.ts";
import type { Transaction } from "./transaction.ts";

const COLUMNS = `account_id, library_id, item_key, file_name, declared_bytes, staged_id, session_id, durable_bytes, length_bytes,
  kept_at`;

const REPLACE = `ON CONFLICT (account_id, library_id, item_key, file_name, declared_bytes) DO UPDATE SET
  staged_id = excluded.staged_id, session_id = excluded.session_id, durable_bytes = excluded.durable_bytes,
  length_bytes = excluded.length_bytes, kept_at = excluded.kept_at`;

/** The session's owner, its item as it is called now, and its pushed files; nothing where the account or the item is gone. */
const FILES_OF_SESSION = `FROM update_sessions AS s
  CROSS JOIN items AS i ON i.id = s.item_id
  CROSS JOIN accounts AS a ON a.id = s.owner_id
  CROSS JOIN session_files AS f ON f.session_id = s.id AND f.body ->> '$.source' = 'PUSH'`;

/** Statements about what came of files whose sessions are over. */
export const KEPT_PARTIALS_SQL = {
  keepPieces: `INSERT INTO kept_partials (${COLUMNS})
    SELECT a.id, i.library_id, i.name_key, f.name, coalesce(f.body ->> '$.declaredSizeBytes', -1), p.staged_id, s.id,
      p.durable_bytes, p.length_bytes, ?2
    ${FILES_OF_SESSION}
    CROSS JOIN partials AS p ON p.session_id = s.id AND p.entry_id = f.entry_id
    WHERE s.id = ?1 AND p.staged_id IS NOT NULL AND p.durable_bytes > 0 ${REPLACE}`,
  keepWholes: `INSERT INTO kept_partials (${COLUMNS})
    SELECT a.id, i.library_id, i.name_key, f.name, coalesce(f.body ->> '$.declaredSizeBytes', -1), f.staged_id, s.id,
      f.body ->> '$.receipt.sizeBytes', f.body ->> '$.receipt.sizeBytes', ?2
    ${FILES_OF_SESSION}
    WHERE s.id = ?1 AND f.staged_id IS NOT NULL AND f.body ->> '$.receipt.sizeBytes' > 0 ${REPLACE}`,
  take: "DELETE FROM kept_partials WHERE staged_id = ?",
  find: `SELECT ${COLUMNS} FROM kept_partials
    WHERE account_id = ? AND library_id = ? AND item_key = ? AND file_name = ? AND declared_bytes = ?`,
  ofSession: `SELECT ${COLUMNS} FROM kept_partials WHERE session_id = ? ORDER BY staged_id`,
  keptBefore: `SELECT ${COLUMNS} FROM kept_partials WHERE kept_at <= ? ORDER BY kept_at`,
} as const;

interface KeptPartialRow {
  readonly account_id: AccountId;
  readonly library_id: LibraryId;
  readonly item_key: string;
  readonly file_name: string;
  readonly declared_bytes: number;
  readonly staged_id: StagedId;
  readonly session_id: UpdateSessionId;
  readonly durable_bytes: number;
  readonly length_bytes: number | null;
  readonly kept_at: Instant;
}

const NOT_DECLARED = -1;

const keptOf = (row: KeptPartialRow): KeptPartial => ({
  accountId: row.account_id,
  libraryId: row.library_id,
  itemKey: row.item_key,
  fileName: row.file_name,
  ...(row.declared_bytes === NOT_DECLARED ? {} : { declaredSizeBytes: row.declared_bytes }),
  stagedId: row.staged_id,
  sessionId: row.session_id,
  durableBytes: row.durable_bytes,
  ...(row.length_bytes === null ? {} : { lengthBytes: row.length_bytes }),
  keptAt: row.kept_at,
});

/** Keeps what came of the files of a session. */
export const keepPartials = (
  { connection }: Transaction,
  sessionId: UpdateSessionId,
  at: Instant,
): void => {
  connection.run(KEPT_PARTIALS_SQL.keepPieces, sessionId, at);
  connection.run(KEPT_PARTIALS_SQL.keepWholes, sessionId, at);
};

export const takeKeptPartial = (
  { connection }: Transaction,
  stagedId: StagedId,
): ClashReason | null => (connection.run(KEPT_PARTIALS_SQL.take, stagedId) === 1 ? null : "row");

/** Reading what was kept. */
export class KeptPartials {
  readonly #reads: Reads;

  constructor(reads: Reads) {
    this.#reads = reads;
  }

  find(key: KeptPartialKey): KeptPartial | null {
    const { accountId, libraryId, itemKey, fileName, declaredSizeBytes = NOT_DECLARED } = key;
    const values = [accountId, libraryId, itemKey, fileName, declaredSizeBytes] as const;
    const row = this.#reads.get<KeptPartialRow>(KEPT_PARTIALS_SQL.find, ...values);
    return row === undefined ? null : keptOf(row);
  }

  ofSession(sessionId: UpdateSessionId): readonly KeptPartial[] {
    return this.#reads.all<KeptPartialRow>(KEPT_PARTIALS_SQL.ofSession, sessionId).map(keptOf);
  }

  keptBefore(at: Instant): readonly KeptPartial[] {
    return this.#reads.all<KeptPartialRow>(KEPT_PARTIALS_SQL.keptBefore, at).map(keptOf);
  }
}
