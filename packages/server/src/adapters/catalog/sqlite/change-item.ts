import type { ItemId } from "../../../domain/ids.ts";
import type { Item } from "../../../domain/item.ts";
import type { Change, ClashReason } from "../../../ports/change.ts";
import type { Rev } from "../../../ports/row.ts";
import {
  dropReferencesOfItem,
  type Holder,
  referencesOf,
  setReferences,
} from "./blob-references.ts";
import { nameKey } from "../../../domain/names.ts";
import type { Transaction } from "./transaction.ts";

export const ITEM_SQL = {
  hasLibrary: "SELECT 1 AS found FROM libraries WHERE id = ?",
  nameHolder: "SELECT id FROM items WHERE library_id = ? AND name_key = ?",
  insert: `INSERT INTO items (id, library_id, name_key, type_key, content_version, rev, body)
    VALUES (?, ?, ?, ?, ?, 1, ?) ON CONFLICT (id) DO NOTHING`,
  isAt: "SELECT 1 AS found FROM items WHERE id = ? AND rev = ?",
  update: `UPDATE items SET library_id = ?, name_key = ?, type_key = ?, content_version = ?, rev = rev + 1, body = ?
    WHERE id = ?`,
  hasPast: "SELECT 1 AS found FROM items WHERE id = ? AND session_past = ?",
  hasActiveSession: `SELECT 1 AS found FROM update_sessions WHERE item_id = ? AND state = 'ACTIVE'`,
  delete: "DELETE FROM items WHERE id = ?",
} as const;

const holderOf = ({ id, libraryId }: Item): Holder => ({ kind: "item", id, libraryId });

const expectationClash = (
  { connection }: Transaction,
  item: Item,
  rev: Rev | null,
): ClashReason | null => {
  if (connection.get(ITEM_SQL.hasLibrary, item.libraryId) === undefined) return "library-gone";
  if (rev !== null && connection.get(ITEM_SQL.isAt, item.id, rev) === undefined) return "row";
  const holder = connection.get<{ readonly id: string }>(
    ITEM_SQL.nameHolder,
    item.libraryId,
    nameKey(item.name),
  );
  return holder === undefined || holder.id === item.id ? null : "item-name";
};

export const putItem = (
  transaction: Transaction,
  item: Item,
  rev: Rev | null,
): ClashReason | null => {
  const clash = expectationClash(transaction, item, rev);
  if (clash !== null) return clash;
  const { connection } = transaction;
  const columns = [
    item.libraryId,
    nameKey(item.name),
    nameKey(item.type),
    item.contentVersion,
  ] as const;
  const body = JSON.stringify(item);
  const written =
    rev === null
      ? connection.run(ITEM_SQL.insert, item.id, ...columns, body)
      : connection.run(ITEM_SQL.update, ...columns, body, item.id);
  return written === 1
    ? setReferences(transaction, holderOf(item), referencesOf(item.files))
    : "row";
};

export const expectItem = ({ connection }: Transaction, id: ItemId, rev: Rev): ClashReason | null =>
  connection.get(ITEM_SQL.isAt, id, rev) === undefined ? "row" : null;

export const expectIdleItem = ({ connection }: Transaction, id: ItemId): ClashReason | null =>
  connection.get(ITEM_SQL.hasActiveSession, id) === undefined ? null : "active-session";

/** The foreign key takes the revisions along; their references go first, while the revisions can still be named. */
export const deleteItem = (
  transaction: Transaction,
  { id, rev, past }: Extract<Change, { readonly kind: "item.delete" }>,
): ClashReason | null => {
  const { connection } = transaction;
  if (connection.get(ITEM_SQL.isAt, id, rev) === undefined) return "row";
  if (past !== undefined && connection.get(ITEM_SQL.hasPast, id, past) === undefined) return "row";
  if (connection.get(ITEM_SQL.hasActiveSession, id) !== undefined) return "active-session";
  dropReferencesOfItem(transaction, id);
  connection.run(ITEM_SQL.delete, id);
  return null;
};
