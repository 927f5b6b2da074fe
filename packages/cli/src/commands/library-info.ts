import type { Client, LibraryModel, LibrarySettingInfo } from "@contentlib/client";
import { libraryAddress } from "../address-form.ts";
import { resolveLibrary } from "../address.ts";
import type { CommandContext } from "../command-context.ts";
import { librarySettings } from "../library-settings.ts";
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
  const settings = await librarySettings(client, library.id, signal);
  const report = { address, library, item_count: items.length, settings };
  const rows = [...libraryRows(library, items.length), ...settingRows(settings)];
  output.result(report, tableLines(rows));
}

const libraryRows = (
  library: LibraryModel,
  itemCount: number,
): readonly (readonly [string, string])[] => [
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
];

const settingRows = (settings: LibrarySettingInfo | null): readonly (readonly [string, string])[] =>
  settings === null
    ? []
    : [
        ["versions kept", String(settings.revisions_in_effect)],
        ["bad images", settings.reject_bad_iso ? "refused" : "taken, and told of"],
      ];
