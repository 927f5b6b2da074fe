import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { StorageBacking } from "./library.ts";
import { checkDatastoreId } from "./names.ts";

/** A storage backing as a client asks for it, before anything is known about it. */
export interface StorageBackingWish {
  readonly type: "DATASTORE" | "OTHER";
  readonly datastoreId?: string;
  readonly storageUri?: string;
}

const DEFAULT_PLACE: StorageBacking = { type: "OTHER" };

const invalid = (reason: string): FaultValue =>
  faultOf("library.invalid_property", "storage_backings", reason);

/** A datastore stands for the default place; clients made for a vCenter can not but name one. */
const chooseDatastore = (
  { datastoreId, storageUri }: StorageBackingWish,
  datastores: readonly string[],
): StorageBacking | FaultValue => {
  if (storageUri !== undefined) return invalid("storage_uri belongs to type OTHER");
  if (datastoreId === undefined) return invalid("type DATASTORE needs datastore_id");
  const reason = checkDatastoreId(datastoreId);
  if (reason !== null) return invalid(`datastore_id: ${reason}`);
  return datastores.length === 0 || datastores.includes(datastoreId)
    ? { type: "DATASTORE", datastoreId }
    : faultOf("library.datastore_not_found", datastoreId);
};

const chooseOther = ({
  datastoreId,
  storageUri,
}: StorageBackingWish): StorageBacking | FaultValue => {
  if (datastoreId !== undefined) return invalid("datastore_id belongs to type DATASTORE");
  return storageUri === undefined
    ? DEFAULT_PLACE
    : faultOf(
        "library.unsupported",
        "storage by a URI: leave storage_uri out for the default place of this server",
      );
};

/**
 * The storage of a new library (contract L3, L5). None, an empty list, one OTHER without a URI, and one DATASTORE are all the
 * default place; a URI is Unsupported, because this server keeps all content in one place. `datastores` are the ids that will
 * do, compared exactly; where there are none, every id does.
 */
export const chooseStorageBackings = (
  wishes: readonly StorageBackingWish[] | undefined,
  datastores: readonly string[],
): readonly StorageBacking[] | FaultValue => {
  if (wishes !== undefined && wishes.length > 1)
    return faultOf("library.unsupported", "more than one storage backing");
  const wish = wishes?.[0];
  if (wish === undefined) return [DEFAULT_PLACE];
  const backing = wish.type === "DATASTORE" ? chooseDatastore(wish, datastores) : chooseOther(wish);
  return isFault(backing) ? backing : [backing];
};
