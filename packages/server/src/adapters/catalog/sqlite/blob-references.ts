import type { LibraryId, Sha256 } from "../../../domain/ids.ts";
import { blobOf } from "../../../domain/item.ts";
import type { ItemFile } from "../../../domain/item.ts";
import type { ClashReason } from "../../../ports/change.ts";
import type { Transaction } from "./transaction.ts";

/** The holders that go together with an item or a library, by its id: the items themselves, and the revisions of the items. */
const HOLDERS = {
  item: "holder_kind = 'item' AND holder_id = ?",
  itemRevisions: `holder_kind = 'revision'
    AND holder_id IN (SELECT item_id || '@' || content_version FROM item_revisions WHERE item_id = ?)`,
  library: "holder_kind = 'item' AND holder_id IN (SELECT id FROM items WHERE library_id = ?)",
  libraryRevisions: `holder_kind = 'revision' AND holder_id IN (SELECT v.item_id || '@' || v.content_version
    FROM items AS i CROSS JOIN item_revisions AS v ON v.item_id = i.id WHERE i.library_id = ?)`,
} as const;

/** Drops the references of such holders and tells their digests, each as often as it was held. */
const dropOf = (holders: string): string =>
  `DELETE FROM blob_refs WHERE ${holders} RETURNING digest`;

/**
 * Who refers to which blob. A digest has a row in `idle_blobs` while nothing refers to it, and while it is doomed; the row
 * says since when nothing has.
 */
export const REFERENCES_SQL = {
  ofHolder: "SELECT name, digest FROM blob_refs WHERE holder_kind = ? AND holder_id = ?",
  ofName: "SELECT name, digest FROM blob_refs WHERE holder_kind = ? AND holder_id = ? AND name = ?",
  add: `INSERT INTO blob_refs (holder_kind, holder_id, library_id, name, digest, size_bytes)
    VALUES (?, ?, ?, ?, ?, ?)`,
  drop: "DELETE FROM blob_refs WHERE holder_kind = ? AND holder_id = ? AND name = ?",
  isDoomed: "SELECT 1 AS found FROM idle_blobs WHERE digest = ? AND doomed = 1",
  wake: "DELETE FROM idle_blobs WHERE digest = ? AND doomed = 0",
  idle: `INSERT INTO idle_blobs (digest, unreferenced_since, doomed)
    SELECT ?1, ?2, 0 WHERE NOT EXISTS (SELECT 1 FROM blob_refs WHERE digest = ?1)
    ON CONFLICT (digest) DO UPDATE SET unreferenced_since = excluded.unreferenced_since`,
  dropOfItem: dropOf(HOLDERS.item),
  dropOfItemRevisions: dropOf(HOLDERS.itemRevisions),
  dropOfLibrary: dropOf(HOLDERS.library),
  dropOfLibraryRevisions: dropOf(HOLDERS.libraryRevisions),
} as const;

/** What can refer to a blob: an item by its files, a revision by those of its version, an ACTIVE session by the files it holds. */
export interface Holder {
  readonly kind: "item" | "revision" | "update-session" | "download-session";
  readonly id: string;
  /** Of an item, which never changes: by it those who may see the library find what it holds. */
  readonly libraryId?: LibraryId;
}

export interface BlobReference {
  readonly digest: Sha256;
  readonly sizeBytes: number;
}

/** What is referred to by files of an item, by their names: of part of an archive, all of the archive. (S129) */
export const referencesOf = (files: readonly ItemFile[]): ReadonlyMap<string, BlobReference> =>
  new Map(files.map((file) => [file.name, blobOf(file)]));

interface ReferenceRow {
  readonly name: string;
  readonly digest: Sha256;
}

/** Starts the digest's idle time unless something refers to it. */
export const noteIfIdle = ({ connection, at }: Transaction, digest: Sha256): void => {
  connection.run(REFERENCES_SQL.idle, digest, at);
};

/**
 * The bytes that a session was sent are still staged, and where a file was READY at once the same set expects an item that holds
 * them, so only the other holders need the stored blob.
 */
const needsStoredBlob = (holder: Holder): boolean => holder.kind !== "update-session";

const add = (
  { connection }: Transaction,
  holder: Holder,
  name: string,
  { digest, sizeBytes }: BlobReference,
): ClashReason | null => {
  if (needsStoredBlob(holder) && connection.get(REFERENCES_SQL.isDoomed, digest) !== undefined)
    return "pin-lapsed";
  const { kind, id, libraryId = null } = holder;
  connection.run(REFERENCES_SQL.add, kind, id, libraryId, name, digest, sizeBytes);
  connection.run(REFERENCES_SQL.wake, digest);
  return null;
};

const replace = (
  transaction: Transaction,
  holder: Holder,
  present: readonly ReferenceRow[],
  wanted: ReadonlyMap<string, BlobReference>,
): ClashReason | null => {
  const kept = new Set<string>();
  const lost = new Set<Sha256>();
  for (const { name, digest } of present) {
    if (wanted.get(name)?.digest === digest) {
      kept.add(name);
      continue;
    }
    transaction.connection.run(REFERENCES_SQL.drop, holder.kind, holder.id, name);
    lost.add(digest);
  }
  for (const [name, reference] of wanted) {
    const clash = kept.has(name) ? null : add(transaction, holder, name, reference);
    if (clash !== null) return clash;
  }
  for (const digest of lost) noteIfIdle(transaction, digest);
  return null;
};

/** Makes the holder refer to exactly these, by file name. Clashes with `pin-lapsed` when a new one is being deleted. */
export const setReferences = (
  transaction: Transaction,
  holder: Holder,
  wanted: ReadonlyMap<string, BlobReference>,
): ClashReason | null => {
  const present = transaction.connection.all<ReferenceRow>(
    REFERENCES_SQL.ofHolder,
    holder.kind,
    holder.id,
  );
  return replace(transaction, holder, present, wanted);
};

/** Makes one file name of the holder refer to this, or to nothing. */
export const setReference = (
  transaction: Transaction,
  holder: Holder,
  name: string,
  wanted: BlobReference | null,
): ClashReason | null => {
  const present = transaction.connection.all<ReferenceRow>(
    REFERENCES_SQL.ofName,
    holder.kind,
    holder.id,
    name,
  );
  return replace(
    transaction,
    holder,
    present,
    wanted === null ? new Map() : new Map([[name, wanted]]),
  );
};

/** Takes away all references of the holder. */
export const dropReferences = (transaction: Transaction, holder: Holder): void => {
  setReferences(transaction, holder, new Map());
};

/** Takes away the references of all that goes together. In their order, many digests go into their table twice as fast. */
const dropTogether = (transaction: Transaction, id: string, drops: readonly string[]): void => {
  const dropped = drops.flatMap((drop) =>
    transaction.connection.all<Pick<ReferenceRow, "digest">>(drop, id),
  );
  const lost = new Set(dropped.map(({ digest }) => digest));
  for (const digest of [...lost].toSorted()) noteIfIdle(transaction, digest);
};

/** Takes away the references of an item that is about to go, and of its revisions. */
export const dropReferencesOfItem = (transaction: Transaction, itemId: string): void => {
  const { dropOfItem, dropOfItemRevisions } = REFERENCES_SQL;
  dropTogether(transaction, itemId, [dropOfItem, dropOfItemRevisions]);
};

/** Takes away the references of all items of a library that is about to go, and of their revisions. */
export const dropReferencesOfLibrary = (transaction: Transaction, libraryId: string): void => {
  const { dropOfLibrary, dropOfLibraryRevisions } = REFERENCES_SQL;
  dropTogether(transaction, libraryId, [dropOfLibrary, dropOfLibraryRevisions]);
};
