import type { Client, ItemFileInfo, ItemModel, LibraryModel } from "@contentlib/client";
import { resolveItem, resolveLibrary } from "../address.ts";
import type { CommandContext } from "../command-context.ts";
import { ifThere, present } from "../if-there.ts";
import { inBatches } from "../in-batches.ts";
import { countOf, formatBytes, shellWord, tableLines } from "../output.ts";
import { libraryLs } from "./library-ls.ts";

/** `contentlib ls [LIBRARY[/ITEM]]`: the libraries, the items of one, or the files of an item. */
export async function ls(context: CommandContext, address: string | undefined): Promise<void> {
  if (address === undefined) return await libraryLs(context);
  const client = await context.connect();
  if (!address.includes("/")) return await listItems(context, client, address);
  const { library, item } = await resolveItem(client, address, context.signal);
  const files = await client.itemFiles.list(
    { library_item_id: item.id },
    { signal: context.signal },
  );
  const lines =
    files.length === 0
      ? [`Item ${library.name}/${item.name} has no files yet.`]
      : tableLines([["FILE", "SIZE", "CHECKSUM"], ...files.map(fileRow)]);
  context.output.result({ library: named(library), item: named(item), files }, lines);
}

async function listItems(
  { output, signal }: CommandContext,
  client: Client,
  address: string,
): Promise<void> {
  const library = await resolveLibrary(client, address, signal);
  const ids = await client.items.list({ library_id: library.id }, { signal });
  const found = await inBatches(
    ids,
    async (id) => await ifThere(client.items.get({ library_item_id: id }, { signal })),
  );
  const items = present(found);
  items.sort((one, other) => one.name.localeCompare(other.name));
  const lines =
    items.length === 0
      ? [
          `Library ${library.name} has no items yet. Fill one: contentlib push FILE ${shellWord(`${library.name}/ITEM`)}`,
        ]
      : [
          ...tableLines([
            ["ITEM", "TYPE", "SIZE", "VERSION", "CHANGED", "ID"],
            ...items.map(itemRow),
          ]),
          summaryOf(items),
        ];
  output.result({ library: named(library), items }, lines);
}

const named = ({ id, name }: LibraryModel | ItemModel) => ({ id, name });

const itemRow = (item: ItemModel): readonly string[] => [
  item.name,
  item.type || "-",
  formatBytes(item.size ?? 0),
  item.content_version,
  item.last_modified_time.replace("T", " ").replace(/\.\d+Z$/, "Z"),
  item.id,
];

const summaryOf = (items: readonly ItemModel[]): string =>
  `${countOf(items.length, "item")}, ${formatBytes(items.reduce((sum, item) => sum + (item.size ?? 0), 0))}`;

const fileRow = (file: ItemFileInfo): readonly string[] => [
  file.name,
  formatBytes(file.size),
  file.checksum_info === undefined
    ? "-"
    : `${(file.checksum_info.algorithm ?? "SHA1").toLowerCase()}:${file.checksum_info.checksum}`,
];
