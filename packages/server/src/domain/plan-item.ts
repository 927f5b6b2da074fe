import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { Instant, ItemId } from "./ids.ts";
import { shownFiles } from "./item.ts";
import type { Item } from "./item.ts";
import type { Library } from "./library.ts";
import { checkDescription, checkItemType, checkName, nameKey } from "./names.ts";
import { checkLocal } from "./plan-library.ts";

/** The members of an item model that create and update read, beside the library's id. */
export interface ItemWish {
  readonly name?: string;
  readonly description?: string;
  readonly type?: string;
}

/** An update of an item; absent members are left as they are. */
export interface ItemPatch extends ItemWish {
  /** The version the client has seen; compared and otherwise unused (contract I12). */
  readonly version?: string;
}

const checkTexts = (wish: ItemWish): FaultValue | null => {
  const reasons = [
    ["name", wish.name === undefined ? null : checkName(wish.name)],
    ["description", wish.description === undefined ? null : checkDescription(wish.description)],
    ["type", wish.type === undefined ? null : checkItemType(wish.type)],
  ] as const;
  for (const [member, reason] of reasons) {
    if (reason !== null) return faultOf("item.invalid_property", member, reason);
  }
  return null;
};

/** The empty item that a create makes in a local library; all three counters begin at 1 (contract I1, I2, I5). */
export const planItemCreate = (input: {
  readonly id: ItemId;
  readonly library: Library;
  readonly wish: ItemWish;
  readonly now: Instant;
}): Item | FaultValue => {
  const { id, library, wish, now } = input;
  if (wish.name === undefined) return faultOf("request.missing_member", "name");
  const fault = checkLocal(library) ?? checkTexts(wish);
  if (fault !== null) return fault;
  return {
    id,
    libraryId: library.id,
    name: wish.name,
    description: wish.description ?? "",
    type: wish.type ?? "",
    createdAt: now,
    modifiedAt: now,
    version: 1,
    metadataVersion: 1,
    contentVersion: 1,
    files: [],
  };
};

const checkVersion = (item: Item, version: string | undefined): FaultValue | null => {
  const present = String(item.version);
  return version === undefined || version === present
    ? null
    : faultOf("item.stale_version", item.id, present, version);
};

const checkTypeChange = (item: Item, type: string | undefined): FaultValue | null => {
  if (type === undefined || item.files.length === 0 || nameKey(type) === nameKey(item.type))
    return null;
  return faultOf("item.type_fixed", item.id, item.type === "" ? '""' : item.type);
};

/**
 * The item after an update of its properties (contract I8, I12): each real change moves `version` and `metadataVersion` by one,
 * and an update that changes nothing gives the very same value back. The files and their counter are a session's to change.
 */
export const planItemUpdate = (input: {
  readonly item: Item;
  readonly library: Library;
  readonly patch: ItemPatch;
  readonly now: Instant;
}): Item | FaultValue => {
  const { item, library, patch, now } = input;
  const fault =
    checkLocal(library) ??
    checkVersion(item, patch.version) ??
    checkTexts(patch) ??
    checkTypeChange(item, patch.type);
  if (fault !== null) return fault;
  const name = patch.name ?? item.name;
  const description = patch.description ?? item.description;
  const type = patch.type ?? item.type;
  if (name === item.name && description === item.description && type === item.type) return item;
  return {
    ...item,
    name,
    description,
    type,
    version: item.version + 1,
    metadataVersion: item.metadataVersion + 1,
    modifiedAt: Math.max(item.modifiedAt, now),
  };
};

/** Only items of local libraries are anybody's to delete; those of a subscribed one are their publisher's (contract I15). */
export const checkItemDelete = (library: Library): FaultValue | null => checkLocal(library);

/** Only an item of a subscribed library can be synchronized or evicted (contract I22). */
export const checkSubscribedItem = (item: Item, library: Library): FaultValue | null =>
  library.type === "SUBSCRIBED"
    ? null
    : faultOf("item.wrong_type", item.id, library.id, library.type, "SUBSCRIBED");

/** A second item of one name in one library, compared without case (contract I3). */
export const itemNameTaken = (name: string, library: Library): FaultValue =>
  faultOf("item.name_taken", name, library.name, library.id);

/** The sum of the sizes of the files that the item shows, in bytes (contract I6). */
export const itemSizeBytes = (item: Item): number =>
  shownFiles(item.files).reduce((sum, file) => sum + file.sizeBytes, 0);
