import type { ItemChangeSummary } from "@contentlib/client";
import { shortTime } from "../access-tables.ts";
import { itemAddress } from "../address-form.ts";
import { resolveItem } from "../address.ts";
import type { CommandContext } from "../command-context.ts";
import { oneLine, shellWord, tableLines } from "../output.ts";

/** `contentlib versions LIBRARY/ITEM`: the content versions that are kept, newest first; the present one has a star. */
export async function versions(
  { connect, output, signal }: CommandContext,
  address: string,
): Promise<void> {
  const client = await connect();
  const { library, item } = await resolveItem(client, address, signal);
  const changes = await client.itemChange.list({ library_item: item.id }, { signal });
  const kept = changes.map((change) => ({
    ...change,
    current: change.version === item.content_version,
  }));
  const shown = itemAddress(library.name, item.name);
  const lines =
    kept.length === 0
      ? [`${shellWord(shown)} has no content yet.`]
      : tableLines([["", "VERSION", "TIME", "BY", "MESSAGE"], ...kept.map(rowOf)]);
  const owner = { id: library.id, name: library.name };
  output.result({ address: shown, library: owner, item, versions: kept }, lines);
}

const rowOf = (change: ItemChangeSummary & { readonly current: boolean }): readonly string[] => [
  change.current ? "*" : "",
  change.version,
  shortTime(change.time),
  change.user ?? "-",
  oneLine(change.short_message ?? "-"),
];
