import type { OperationOutput } from "@contentlib/contract";
import type { Item, ItemFile } from "../../domain/item.ts";
import type { CatalogReader } from "../../ports/index.ts";
import { loadItem } from "../item/access.ts";
import { presentItemFile } from "../item-file/access.ts";
import { loadLibrary, presentStorageBacking } from "../library/access.ts";
import { pathSegment } from "../present.ts";

type StorageInfo = OperationOutput<"itemStorage.list">[number];

/** An item, and how one of its files lies in the storage of its library (contract I20). */
export const loadStoredItem = async (
  catalog: Pick<CatalogReader, "findItem" | "findLibrary">,
  idText: string,
): Promise<{ readonly item: Item; readonly presentStored: (file: ItemFile) => StorageInfo }> => {
  const item = (await loadItem(catalog, idText)).value;
  const library = (await loadLibrary(catalog, item.libraryId)).value;
  const backing = presentStorageBacking(library.storageBackings[0] ?? { type: "OTHER" });
  const presentStored = (file: ItemFile): StorageInfo => ({
    ...presentItemFile(file),
    storage_backing: backing,
    storage_uris: [`contentlib:///${library.id}/${item.id}/${pathSegment(file.name)}`],
  });
  return { item, presentStored };
};
