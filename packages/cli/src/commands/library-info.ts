import type { Client, LibraryModel } from "@contentlib/client";
import { libraryAddress } from "../address-form.ts";
import { resolveLibrary } from "../address.ts";
import type { CommandContext } from "../command-context.ts";
import { shellWord, tableLines } from "../output.ts";

/** `contentlib library info LIBRARY`: all that is known of a library. */
export async function libraryInfo(context: CommandContext, address: string): Promise<void> {
  const client = await context.connect();
  await showLibrary(context, client, await resolveLibrary(client, address, context.signal));
}

/** Shows a library that has been found already. */
export async function showLibrary(
  { output, signal }: CommandContext,
  client: Client,
  library: LibraryModel,
): Promise<void> {
  const items = await client.item.list({ library_id: library.id }, { signal });
  const address = libraryAddress(library.name);
  const report = { address, library, item_count: items.length };
  output.result(report, libraryLines(library, items.length));
}

const libraryLines = (library: LibraryModel, itemCount: number): readonly string[] =>
  tableLines([
    ["name", library.name],
    ["address", shellWord(libraryAddress(library.name))],
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
