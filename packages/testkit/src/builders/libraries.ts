import type { Item, ItemFile } from "@contentlib/server/domain/item";
import type { Library } from "@contentlib/server/domain/library";
import type { Revision, RevisionHead } from "@contentlib/server/domain/revision";
import { aDigest, aLibraryId, anItemId, BUILT_AT, nextNumber } from "./ids.ts";

/** A local library in the default place. */
export const aLibrary = (over: Partial<Library> = {}): Library => ({
  id: aLibraryId(),
  type: "LOCAL",
  name: `library ${String(nextNumber())}`,
  description: "",
  createdAt: BUILT_AT,
  modifiedAt: BUILT_AT,
  version: 1,
  storageBackings: [{ type: "OTHER" }],
  ...over,
});

/** A file of an item, with bytes of its own. */
export const anItemFile = (over: Partial<ItemFile> = {}): ItemFile => {
  const digest = over.digest ?? aDigest();
  return {
    name: `file-${String(nextNumber())}.bin`,
    digest,
    sizeBytes: 1024,
    checksum: { algorithm: "SHA256", hex: digest },
    version: 1,
    ...over,
  };
};

/** An item without files. Say `libraryId`, or it belongs to a library that is nowhere. */
export const anItem = (over: Partial<Item> = {}): Item => ({
  id: anItemId(),
  libraryId: aLibraryId(),
  name: `item ${String(nextNumber())}`,
  description: "",
  type: "",
  createdAt: BUILT_AT,
  modifiedAt: BUILT_AT,
  version: 1,
  metadataVersion: 1,
  contentVersion: 1,
  files: [],
  ...over,
});

/** The present content of an item, as its revision. */
export const aRevision = (item: Item, over: Partial<Revision> = {}): Revision => ({
  itemId: item.id,
  contentVersion: item.contentVersion,
  at: item.modifiedAt,
  userName: "administrator@vsphere.local",
  files: item.files,
  ...over,
});

/** A revision without its files. */
export const headOf = ({ files: _, ...head }: Revision): RevisionHead => head;
