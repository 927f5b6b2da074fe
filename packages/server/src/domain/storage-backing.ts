import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { StorageBacking } from "./library.ts";

/** A storage backing as a client asks for it, before anything is known about it. */
export interface StorageBackingWish {
  readonly type: "DATASTORE" | "OTHER";
  readonly datastoreId?: string;
  readonly storageUri?: string;
}

const DEFAULT_PLACE: StorageBacking = { type: "OTHER" };

const ADVICE =
  "leave storage_backings out, or send one of type OTHER without storage_uri, for the default place of this server";

const invalid = (reason: string): FaultValue =>
  faultOf("library.invalid_property", "storage_backings", reason);

/**
 * The storage of a new library (contract L3, L5). None, an empty list, or one OTHER without a URI is the default place; a wish
 * that is well formed but names another place is Unsupported, because this server keeps all content in one place.
 */
export const chooseStorageBackings = (
  wishes: readonly StorageBackingWish[] | undefined,
): readonly StorageBacking[] | FaultValue => {
  if (wishes !== undefined && wishes.length > 1)
    return faultOf("library.unsupported", "more than one storage backing");
  const wish = wishes?.[0];
  if (wish === undefined) return [DEFAULT_PLACE];
  if (wish.type === "DATASTORE") {
    if (wish.storageUri !== undefined) return invalid("storage_uri belongs to type OTHER");
    if (wish.datastoreId === undefined) return invalid("type DATASTORE needs datastore_id");
    return faultOf("library.unsupported", `storage on a datastore: ${ADVICE}`);
  }
  if (wish.datastoreId !== undefined) return invalid("datastore_id belongs to type DATASTORE");
  return wish.storageUri === undefined
    ? [DEFAULT_PLACE]
    : faultOf("library.unsupported", `storage by a URI: ${ADVICE}`);
};
