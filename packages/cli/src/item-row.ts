import type { Client, ItemModel, LibraryModel } from "@contentlib/client";
import { itemAddress } from "./address-form.ts";
import { shortTime } from "./access-tables.ts";
import { ifThere } from "./if-there.ts";
import { formatBytes, shellWord, tableLines } from "./output.ts";

/** An item as the lists have it: as the API tells it, with its address. */
export type ListedItem = ItemModel & { readonly address: string };

/** The item of an id in a library that is known; null where it has gone since it was listed. */
export async function listedItem(
  client: Client,
  { library, id }: { readonly library: LibraryModel; readonly id: string },
  signal: AbortSignal,
): Promise<ListedItem | null> {
  const item = await ifThere(client.item.get({ library_item_id: id }, { signal }));
  return item === null ? null : { ...item, address: itemAddress(library.name, item.name) };
}

/** A table of items; each is shown by an address that can be pasted. */
export const itemTable = (items: readonly ListedItem[], isLong: boolean): readonly string[] =>
  tableLines([
    ["ITEM", "TYPE", "SIZE", "VERSION", "CHANGED", ...(isLong ? ["ID", "DESCRIPTION"] : [])],
    ...items.map((item) => [
      shellWord(item.address),
      item.type || "-",
      formatBytes(item.size ?? 0),
      item.content_version,
      shortTime(item.last_modified_time),
      ...(isLong ? [item.id, item.description || "-"] : []),
    ]),
  ]);
