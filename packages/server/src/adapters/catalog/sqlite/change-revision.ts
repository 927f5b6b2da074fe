import type { ItemId } from "../../../domain/ids.ts";
import type { Revision } from "../../../domain/revision.ts";
import type { ClashReason } from "../../../ports/change.ts";
import { dropReferences, type Holder, referencesOf, setReferences } from "./blob-references.ts";
import { UNLIMITED } from "./id-text.ts";
import type { Transaction } from "./transaction.ts";

export const REVISION_SQL = {
  itemVersion: "SELECT content_version FROM items WHERE id = ?",
  put: `INSERT INTO item_revisions (item_id, content_version, at, user_name, message, files, content)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (item_id, content_version) DO UPDATE SET at = excluded.at, user_name = excluded.user_name,
    message = excluded.message, files = excluded.files, content = excluded.content`,
  upTo: `SELECT content_version FROM item_revisions WHERE item_id = ? AND content_version <= ?
    ORDER BY content_version LIMIT ?`,
  isKept: "SELECT 1 AS found FROM item_revisions WHERE item_id = ? AND content_version = ?",
  delete: "DELETE FROM item_revisions WHERE item_id = ? AND content_version = ?",
  noteRange: `INSERT INTO revision_ranges (item_id, library_id, oldest, newest)
    SELECT v.item_id, i.library_id, min(v.content_version), max(v.content_version)
    FROM item_revisions AS v CROSS JOIN items AS i ON i.id = v.item_id WHERE v.item_id = ? GROUP BY v.item_id
    ON CONFLICT (item_id) DO UPDATE SET oldest = excluded.oldest, newest = excluded.newest`,
} as const;

/** Statements that go through an index of all libraries, which are few beside the items: each has its own number. */
export const REVISIONS_OF_LIBRARIES_SQL = {
  keepingTooMany: `SELECT r.item_id AS itemId, r.newest, coalesce(l.revisions_kept, ?1) AS kept
    FROM libraries AS l INDEXED BY libraries_by_revisions CROSS JOIN revision_ranges AS r INDEXED BY revision_ranges_in_library
    ON r.library_id = l.id AND r.newest - r.oldest >= coalesce(l.revisions_kept, ?1) LIMIT ?2`,
} as const;

interface VersionRow {
  readonly content_version: number;
}

/** Statements that drop the references of many revisions at once spell the id in the same way. */
const holderOf = (itemId: ItemId, contentVersion: number): Holder => ({
  kind: "revision",
  id: `${itemId}@${String(contentVersion)}`,
});

/** Forgets the revisions of the item up to that version, the oldest first and at most so many. Returns how many went. */
const forget = (
  transaction: Transaction,
  itemId: ItemId,
  limits: { readonly lastForgotten: number; readonly rowsMax: number },
): number => {
  const { connection } = transaction;
  const forgotten = connection.all<VersionRow>(
    REVISION_SQL.upTo,
    itemId,
    limits.lastForgotten,
    limits.rowsMax,
  );
  for (const { content_version: version } of forgotten) {
    dropReferences(transaction, holderOf(itemId, version));
    connection.run(REVISION_SQL.delete, itemId, version);
  }
  connection.run(REVISION_SQL.noteRange, itemId);
  return forgotten.length;
};

export const putRevision = (
  transaction: Transaction,
  revision: Revision,
  kept: number,
): ClashReason | null => {
  const { connection } = transaction;
  const { itemId, contentVersion, at, userName = null, message = null, files, content } = revision;
  const item = connection.get<VersionRow>(REVISION_SQL.itemVersion, itemId);
  if (item === undefined) return "item-gone";
  if (item.content_version !== contentVersion) return "row";
  connection.run(
    REVISION_SQL.put,
    itemId,
    contentVersion,
    at,
    userName,
    message,
    JSON.stringify(files),
    content === undefined ? null : JSON.stringify(content),
  );
  const holder = holderOf(itemId, contentVersion);
  const clash = setReferences(transaction, holder, referencesOf(files));
  if (clash !== null) return clash;
  forget(transaction, itemId, { lastForgotten: contentVersion - kept, rowsMax: UNLIMITED });
  return null;
};

export const expectRevision = (
  { connection }: Transaction,
  itemId: ItemId,
  contentVersion: number,
): ClashReason | null =>
  connection.get(REVISION_SQL.isKept, itemId, contentVersion) === undefined ? "row" : null;

/** An item that keeps more than the last `kept`. */
interface KeepingRow {
  readonly itemId: ItemId;
  readonly newest: number;
  readonly kept: number;
}

/**
 * Forgets revisions that are not among the last of their item that its library keeps, or `kept` where that says none; at most
 * `rowsMax`. Returns how many went.
 */
export const purgeRevisions = (transaction: Transaction, kept: number, rowsMax: number): number => {
  let gone = 0;
  while (gone < rowsMax) {
    const items = transaction.connection.all<KeepingRow>(
      REVISIONS_OF_LIBRARIES_SQL.keepingTooMany,
      kept,
      rowsMax - gone,
    );
    const before = gone;
    for (const item of items) {
      if (gone >= rowsMax) break;
      const lastForgotten = item.newest - item.kept;
      gone += forget(transaction, item.itemId, { lastForgotten, rowsMax: rowsMax - gone });
    }
    if (gone === before) break;
  }
  return gone;
};
