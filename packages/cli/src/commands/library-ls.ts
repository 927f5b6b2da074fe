import type { CommandContext } from "../command-context.ts";
import { tableLines } from "../output.ts";
import { ifThere, present } from "../if-there.ts";
import { inBatches } from "../in-batches.ts";

/** `contentlib library ls`: all libraries with the number of their items. */
export async function libraryLs({ connect, output, signal }: CommandContext): Promise<void> {
  const client = await connect();
  const ids = await client.libraries.list({ signal });
  const found = await inBatches(ids, async (id) => {
    const library = await ifThere(client.libraries.get({ library_id: id }, { signal }));
    const items = await ifThere(client.items.list({ library_id: id }, { signal }));
    return library === null || items === null ? null : { ...library, item_count: items.length };
  });
  const libraries = present(found);
  libraries.sort((one, other) => one.name.localeCompare(other.name));
  const rows = libraries.map((library) => [
    library.name,
    library.type,
    String(library.item_count),
    library.id,
  ]);
  const lines =
    rows.length === 0
      ? ["There are no libraries yet. Create one: contentlib library create NAME"]
      : tableLines([["NAME", "TYPE", "ITEMS", "ID"], ...rows]);
  output.result({ libraries }, lines);
}
