import type { Library } from "../../../domain/library.ts";
import type { LibraryId } from "../../../domain/ids.ts";
import type { ClashReason } from "../../../ports/change.ts";
import type { Rev } from "../../../ports/row.ts";
import { dropReferencesOfLibrary } from "./blob-references.ts";
import { nameKey } from "../../../domain/names.ts";
import type { Transaction } from "./transaction.ts";

export const LIBRARY_SQL = {
  insert: `INSERT INTO libraries (id, type, name_key, rev, body) VALUES (?, ?, ?, 1, ?) ON CONFLICT (id) DO NOTHING`,
  update:
    "UPDATE libraries SET type = ?, name_key = ?, rev = rev + 1, body = ? WHERE id = ? AND rev = ?",
  isAt: "SELECT 1 AS found FROM libraries WHERE id = ? AND rev = ?",
  hasActiveSession: `SELECT 1 AS found FROM items AS i WHERE i.library_id = ? AND EXISTS
    (SELECT 1 FROM update_sessions AS s WHERE s.item_id = i.id AND s.state = 'ACTIVE') LIMIT 1`,
  delete: "DELETE FROM libraries WHERE id = ?",
} as const;

export const putLibrary = (
  { connection }: Transaction,
  library: Library,
  rev: Rev | null,
): ClashReason | null => {
  const columns = [library.type, nameKey(library.name)] as const;
  const body = JSON.stringify(library);
  const written =
    rev === null
      ? connection.run(LIBRARY_SQL.insert, library.id, ...columns, body)
      : connection.run(LIBRARY_SQL.update, ...columns, body, library.id, rev);
  return written === 1 ? null : "row";
};

export const expectLibrary = (
  { connection }: Transaction,
  id: LibraryId,
  rev: Rev,
): ClashReason | null => (connection.get(LIBRARY_SQL.isAt, id, rev) === undefined ? "row" : null);

/** The foreign keys take items, revisions and subscriptions along; references go first, while their holders can still be named. */
export const deleteLibrary = (
  transaction: Transaction,
  id: LibraryId,
  rev: Rev,
): ClashReason | null => {
  const { connection } = transaction;
  if (connection.get(LIBRARY_SQL.isAt, id, rev) === undefined) return "row";
  if (connection.get(LIBRARY_SQL.hasActiveSession, id) !== undefined) return "active-session";
  dropReferencesOfLibrary(transaction, id);
  connection.run(LIBRARY_SQL.delete, id);
  return null;
};
