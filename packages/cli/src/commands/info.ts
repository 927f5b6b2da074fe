import { LibraryError } from "@contentlib/client";
import type {
  Client,
  ItemFacts,
  ItemFileInfo,
  ItemModel,
  ItemVersionInfo,
  LibraryModel,
} from "@contentlib/client";
import { resolveAny } from "../address.ts";
import type { VersionPlace } from "../address.ts";
import { itemAddress } from "../address-form.ts";
import type { CommandContext } from "../command-context.ts";
import { factRows } from "../fact-rows.ts";
import { namingPlace } from "../named-refusal.ts";
import { formatBytes, shellWord, tableLines } from "../output.ts";
import { showLibrary } from "./library-info.ts";

/** `contentlib info LIBRARY[/ITEM[@VERSION]]`: all that is known of a library, an item, or a content version that is kept. */
export async function info(context: CommandContext, address: string): Promise<void> {
  const client = await context.connect();
  const place = await resolveAny(client, address, context.signal);
  if (place.item === null) await showLibrary(context, client, place.library);
  else if (place.version === null) await itemInfo(context, client, place);
  else await versionInfo(context, client, { ...place, version: place.version });
}

async function itemInfo(
  { output, signal }: CommandContext,
  client: Client,
  { library, item }: VersionPlace,
): Promise<void> {
  const files = await client.itemStorage.list({ library_item_id: item.id }, { signal });
  const fileRows = files.flatMap((file) => [
    ...rowsOf(file),
    ["  stored", file.storage_uris.join(", ")],
  ]);
  const address = itemAddress(library.name, item.name);
  const owner = { id: library.id, name: library.name };
  const facts = await factsOf(client, item, signal);
  const known = facts === null ? [] : factRows(facts);
  output.result(
    { address, library: owner, item, files, facts },
    tableLines([...itemRows(library, item), ...known, ...fileRows]),
  );
}

/** What was found out about the content; null from a server that tells no such thing. */
async function factsOf(
  client: Client,
  { id }: ItemModel,
  signal: AbortSignal,
): Promise<ItemFacts | null> {
  if ((await client.serverVersion(signal)) === null) return null;
  try {
    return await client.itemFact.get({ library_item: id }, { signal });
  } catch (error) {
    const isOlder = error instanceof LibraryError && error.class === "operation_not_found";
    if (isOlder) return null;
    throw error;
  }
}

async function versionInfo(
  { output, signal }: CommandContext,
  client: Client,
  place: VersionPlace & { readonly version: string },
): Promise<void> {
  const { library, item, version } = place;
  const wanted = { library_item: item.id, version };
  const kept = await namingPlace(
    place,
    async () => await client.itemVersion.get(wanted, { signal }),
  );
  const address = itemAddress(library.name, item.name, version);
  const { files, ...told } = kept;
  const owner = { id: library.id, name: library.name };
  output.result(
    { address, library: owner, item: { id: item.id, name: item.name }, version: told, files },
    tableLines([...versionRows({ library, item, kept }), ...files.flatMap(rowsOf)]),
  );
}

/** One file, with its checksum whole. */
const rowsOf = (
  file: Pick<ItemFileInfo, "name" | "size" | "checksum_info" | "version">,
): readonly (readonly string[])[] => [
  ["file", file.name],
  ["  size", `${formatBytes(file.size)} (${file.size} bytes)`],
  ["  version", file.version],
  [
    "  checksum",
    file.checksum_info === undefined
      ? "-"
      : `${file.checksum_info.algorithm ?? "SHA1"} ${file.checksum_info.checksum}`,
  ],
];

const itemRows = (library: LibraryModel, item: ItemModel): readonly (readonly string[])[] => [
  ["name", item.name],
  ["address", shellWord(itemAddress(library.name, item.name))],
  ["id", item.id],
  ["library", `${library.name} (${library.id})`],
  ["type", item.type || "-"],
  ["description", item.description || "-"],
  ["size", `${formatBytes(item.size ?? 0)} (${item.size ?? 0} bytes)`],
  ["content version", item.content_version],
  ["created", item.creation_time],
  ["changed", item.last_modified_time],
];

const versionRows = ({
  library,
  item,
  kept,
}: {
  readonly library: LibraryModel;
  readonly item: ItemModel;
  readonly kept: ItemVersionInfo;
}): readonly (readonly string[])[] => [
  ["name", item.name],
  ["address", shellWord(itemAddress(library.name, item.name, kept.version))],
  ["id", item.id],
  ["library", `${library.name} (${library.id})`],
  ["content version", `${kept.version}, and now ${item.content_version}`],
  ["made", kept.time],
  ["by", kept.user ?? "-"],
  ["message", kept.message ?? "-"],
];
