import type { Client, LibraryModel } from "@contentlib/client";
import { libraryAddress } from "./address-form.ts";
import { shortTime } from "./access-tables.ts";
import { ifThere } from "./if-there.ts";
import { shellWord, tableLines } from "./output.ts";

/** A library as the lists have it: as the API tells it, with its address and the number of its items. */
export type ListedLibrary = LibraryModel & {
  readonly address: string;
  readonly item_count: number;
};

/** The library of an id; null where it has gone since it was listed. */
export async function listedLibrary(
  client: Client,
  id: string,
  signal: AbortSignal,
): Promise<ListedLibrary | null> {
  const library = await ifThere(client.library.get({ library_id: id }, { signal }));
  const items = await ifThere(client.item.list({ library_id: id }, { signal }));
  if (library === null || items === null) return null;
  return { ...library, address: libraryAddress(library.name), item_count: items.length };
}

/** A table of libraries; each is shown by an address that can be pasted. */
export const libraryTable = (
  libraries: readonly ListedLibrary[],
  isLong: boolean,
): readonly string[] =>
  tableLines([
    ["LIBRARY", "TYPE", "ITEMS", "ID", ...(isLong ? ["CREATED", "CHANGED", "DESCRIPTION"] : [])],
    ...libraries.map((library) => [
      shellWord(library.address),
      library.type,
      String(library.item_count),
      library.id,
      ...(isLong
        ? [
            shortTime(library.creation_time),
            shortTime(library.last_modified_time),
            library.description || "-",
          ]
        : []),
    ]),
  ]);
