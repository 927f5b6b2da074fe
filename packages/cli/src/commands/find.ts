import type { LibraryModel } from "@contentlib/client";
import { resolveLibrary } from "../address.ts";
import { itemAddress } from "../address-form.ts";
import type { CommandContext } from "../command-context.ts";
import { ifThere, present } from "../if-there.ts";
import { inBatches } from "../in-batches.ts";
import { itemTable } from "../item-row.ts";
import type { ListedItem } from "../item-row.ts";

/** Options of `contentlib find`. */
export interface FindOptions {
  readonly library?: string;
  readonly type?: string;
  readonly long?: boolean;
}

/** `contentlib find NAME`: the items of this name in all libraries, in any case. */
export async function find(
  { connect, output, signal }: CommandContext,
  name: string,
  { library, type, long }: FindOptions,
): Promise<void> {
  const client = await connect();
  const owner = library === undefined ? null : await resolveLibrary(client, library, signal);
  const spec = {
    name,
    ...(owner === null ? {} : { library_id: owner.id }),
    ...(type === undefined ? {} : { type }),
  };
  const ids = await client.item.find({ spec }, { signal });
  const libraries = new Map<string, Promise<LibraryModel | null>>();
  const libraryOf = async (id: string): Promise<LibraryModel | null> => {
    const asked = libraries.get(id) ?? ifThere(client.library.get({ library_id: id }, { signal }));
    libraries.set(id, asked);
    return await asked;
  };
  const items: ListedItem[] = present(
    await inBatches(ids, async (id) => {
      const item = await ifThere(client.item.get({ library_item_id: id }, { signal }));
      const of = item === null ? null : await libraryOf(item.library_id);
      return item === null || of === null
        ? null
        : { ...item, address: itemAddress(of.name, item.name) };
    }),
  ).sort((one, other) => one.address.localeCompare(other.address));
  const lines =
    items.length === 0 ? [`No item is called ${name}.`] : itemTable(items, long ?? false);
  output.result({ items }, lines);
}
