import type { ItemModel } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import { parseItemId } from "../../domain/ids.ts";
import type { Item } from "../../domain/item.ts";
import { itemSizeBytes } from "../../domain/plan-item.ts";
import type { CatalogReader, Row } from "../../ports/index.ts";
import { Fault } from "../fault.ts";
import { presentTime, presentVersion } from "../present.ts";

export const itemNotFound = (idText: string): Fault => new Fault(faultOf("item.not_found", idText));

export const loadItem = async (
  catalog: Pick<CatalogReader, "findItem">,
  idText: string,
): Promise<Row<Item>> => {
  const id = parseItemId(idText);
  const row = id === null ? null : await catalog.findItem(id);
  if (row === null) throw itemNotFound(idText);
  return row;
};

export const presentItem = (item: Item): ItemModel => ({
  id: item.id,
  library_id: item.libraryId,
  name: item.name,
  description: item.description,
  type: item.type,
  creation_time: presentTime(item.createdAt),
  last_modified_time: presentTime(item.modifiedAt),
  version: presentVersion(item.version),
  metadata_version: presentVersion(item.metadataVersion),
  content_version: presentVersion(item.contentVersion),
  cached: true,
  size: itemSizeBytes(item),
  security_compliance: true,
});
