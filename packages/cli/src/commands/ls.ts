import type { Client, ItemFileInfo, LibraryModel } from "@contentlib/client";
import { resolveAny } from "../address.ts";
import { itemAddress, libraryAddress } from "../address-form.ts";
import type { CommandContext } from "../command-context.ts";
import { filesOfVersion } from "../files-of-version.ts";
import { present } from "../if-there.ts";
import { inBatches } from "../in-batches.ts";
import { itemTable, listedItem } from "../item-row.ts";
import type { ListedItem } from "../item-row.ts";
import { countOf, formatBytes, shellWord, tableLines } from "../output.ts";
import { libraryLs } from "./library-ls.ts";
import type { LsOptions } from "./library-ls.ts";

/** `contentlib ls [LIBRARY[/ITEM[@VERSION]]]`: the libraries, the items of one, or the files of an item. */
export async function ls(
  context: CommandContext,
  address: string | undefined,
  options: LsOptions,
): Promise<void> {
  if (address === undefined) return await libraryLs(context, options);
  const { connect, output, signal } = context;
  const client = await connect();
  const place = await resolveAny(client, address, signal);
  if (place.item === null) return await listItems(context, client, place.library, options);
  const { library, item, version } = place;
  const files = await filesOfVersion(client, place, signal);
  const shown = itemAddress(library.name, item.name, version ?? undefined);
  const lines =
    files.length === 0
      ? [`Item ${shellWord(shown)} has no files yet.`]
      : tableLines([fileHeads(options), ...files.map((file) => fileRow(file, options))]);
  const named = { id: item.id, name: item.name, content_version: version ?? item.content_version };
  const owner = { id: library.id, name: library.name };
  output.result({ address: shown, library: owner, item: named, files }, lines);
}

async function listItems(
  { output, signal }: CommandContext,
  client: Client,
  library: LibraryModel,
  { long }: LsOptions,
): Promise<void> {
  const ids = await client.item.list({ library_id: library.id }, { signal });
  const items = present(
    await inBatches(ids, async (id) => await listedItem(client, { library, id }, signal)),
  ).sort((one, other) => one.name.localeCompare(other.name));
  const address = libraryAddress(library.name);
  const lines =
    items.length === 0
      ? [
          `Library ${library.name} has no items yet. Fill one: contentlib push FILE ${shellWord(`${address}/ITEM`)}`,
        ]
      : [...itemTable(items, long ?? false), summaryOf(items)];
  output.result({ address, library: { id: library.id, name: library.name }, items }, lines);
}

const summaryOf = (items: readonly ListedItem[]): string =>
  `${countOf(items.length, "item")}, ${formatBytes(items.reduce((sum, item) => sum + (item.size ?? 0), 0))}`;

const fileHeads = ({ long }: LsOptions): readonly string[] => [
  "FILE",
  "SIZE",
  ...(long ? ["BYTES", "VERSION"] : []),
  "CHECKSUM",
];

const fileRow = (file: ItemFileInfo, { long }: LsOptions): readonly string[] => [
  file.name,
  formatBytes(file.size),
  ...(long ? [String(file.size), file.version] : []),
  file.checksum_info === undefined
    ? "-"
    : `${(file.checksum_info.algorithm ?? "SHA1").toLowerCase()}:${file.checksum_info.checksum}`,
];
