import type { Client, ItemModel, LibraryModel } from "@contentlib/client";
import { resolveItem, resolveLibrary } from "../address.ts";
import type { CommandContext } from "../command-context.ts";
import { formatBytes, tableLines } from "../output.ts";

/** `contentlib info LIBRARY[/ITEM]`: all that is known of a library or an item. */
export async function info(context: CommandContext, address: string): Promise<void> {
  const client = await context.connect();
  if (address.includes("/")) await itemInfo(context, client, address);
  else await libraryInfo(context, client, address);
}

async function libraryInfo(
  { output, signal }: CommandContext,
  client: Client,
  address: string,
): Promise<void> {
  const library = await resolveLibrary(client, address, signal);
  const items = await client.items.list({ library_id: library.id }, { signal });
  output.result({ library, item_count: items.length }, libraryLines(library, items.length));
}

const libraryLines = (library: LibraryModel, itemCount: number): readonly string[] =>
  tableLines([
    ["name", library.name],
    ["id", library.id],
    ["type", library.type],
    ["description", library.description || "-"],
    ["items", String(itemCount)],
    ["created", library.creation_time],
    ["changed", library.last_modified_time],
    ["version", library.version],
    [
      "stored",
      library.storage_backings
        .map((one) => one.storage_uri ?? one.datastore_id ?? "default place")
        .join(", "),
    ],
  ]);

async function itemInfo(
  { output, signal }: CommandContext,
  client: Client,
  address: string,
): Promise<void> {
  const { library, item } = await resolveItem(client, address, signal);
  const files = await client.itemStorage.list({ library_item_id: item.id }, { signal });
  const fileRows = files.flatMap((file) => [
    ["file", file.name],
    ["  size", `${formatBytes(file.size)} (${file.size} bytes)`],
    [
      "  checksum",
      file.checksum_info === undefined
        ? "-"
        : `${file.checksum_info.algorithm ?? "SHA1"} ${file.checksum_info.checksum}`,
    ],
    ["  stored", file.storage_uris.join(", ")],
  ]);
  const owner = { id: library.id, name: library.name };
  output.result(
    { library: owner, item, files },
    tableLines([...itemRows(library, item), ...fileRows]),
  );
}

const itemRows = (library: LibraryModel, item: ItemModel): readonly (readonly string[])[] => [
  ["name", item.name],
  ["id", item.id],
  ["library", `${library.name} (${library.id})`],
  ["type", item.type || "-"],
  ["description", item.description || "-"],
  ["size", `${formatBytes(item.size ?? 0)} (${item.size ?? 0} bytes)`],
  ["content version", item.content_version],
  ["created", item.creation_time],
  ["changed", item.last_modified_time],
];
