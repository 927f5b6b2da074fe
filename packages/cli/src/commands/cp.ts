import type { Client, ItemModel, LibraryModel } from "@contentlib/client";
import { itemAddress } from "../address-form.ts";
import { resolveItem, resolveLibrary, resolveTarget } from "../address.ts";
import type { CommandContext } from "../command-context.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { countOf, formatBytes, shellWord } from "../output.ts";

/** `contentlib cp SRC DST`: copies an item on the server, into a library or under a new name. No bytes move. */
export async function cp(
  { connect, output, signal }: CommandContext,
  source: string,
  destination: string,
): Promise<void> {
  const client = await connect();
  const from = await resolveItem(client, source, signal);
  const to = await destinationOf(client, destination, { item: from.item, signal });
  const address = itemAddress(to.library.name, to.name);
  if (to.item !== null) {
    throw new Failure(
      EXIT_CODES.refused,
      `${address} exists already.`,
      `Copy under another name, or remove it: contentlib rm ${shellWord(address)}`,
    );
  }
  const id = await client.item.copy(
    {
      client_token: crypto.randomUUID(),
      source_library_item_id: from.item.id,
      destination_create_spec: { library_id: to.library.id, name: to.name },
    },
    { signal },
  );
  const item = await client.item.get({ library_item_id: id }, { signal });
  const files = await client.itemFile.list({ library_item_id: id }, { signal });
  const copied = itemAddress(from.library.name, from.item.name);
  const source_item = { address: copied, id: from.item.id, name: from.item.name };
  const library = { id: to.library.id, name: to.library.name };
  output.result({ changed: true, address, library, item, source: source_item }, [
    `${shellWord(copied)} copied to ${shellWord(address)}: ${countOf(files.length, "file")} (${formatBytes(item.size ?? 0)}).`,
  ]);
}

interface Destination {
  readonly library: LibraryModel;
  readonly name: string;
  readonly item: ItemModel | null;
}

/** LIBRARY/ITEM, or a library alone, where the copy keeps its name. */
async function destinationOf(
  client: Client,
  address: string,
  { item, signal }: { readonly item: ItemModel; readonly signal: AbortSignal },
): Promise<Destination> {
  if (/\/./.test(address)) {
    const target = await resolveTarget(client, address, signal);
    return { library: target.library, name: target.itemName, item: target.item };
  }
  const library = await resolveLibrary(client, address, signal);
  const target = await resolveTarget(
    client,
    `id:${library.id}/${itemAddress("", item.name).slice(1)}`,
    signal,
  );
  return { library, name: item.name, item: target.item };
}
