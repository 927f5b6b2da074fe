import type { Client } from "@contentlib/client";
import { libraryAddress, parseItemAddress } from "./address-form.ts";
import { resolveLibrary } from "./address.ts";
import type { ItemPlace } from "./address.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import { ifThere, present } from "./if-there.ts";
import { inBatches } from "./in-batches.ts";
import { namePattern } from "./name-pattern.ts";
import { shellWord } from "./output.ts";

/**
 * The items that LIBRARY/PATTERN matches, sorted by their names; the first slash is the one between the two. Throws Failure where
 * it makes no sense, where there is no such library, and where no item matches.
 */
export async function matchingItems(
  client: Client,
  address: string,
  signal: AbortSignal,
): Promise<readonly ItemPlace[]> {
  parseItemAddress(address);
  const at = address.indexOf("/");
  if (at <= 0)
    throw new Failure(
      EXIT_CODES.usage,
      `${address} names no library to look in.`,
      "With --match, items are written LIBRARY/PATTERN, like 'images/debian-*'",
    );
  const library = await resolveLibrary(client, address.slice(0, at), signal);
  const matches = namePattern(address.slice(at + 1), decodeURIComponent);
  const ids = await client.item.list({ library_id: library.id }, { signal });
  const items = await inBatches(
    ids,
    async (id) => await ifThere(client.item.get({ library_item_id: id }, { signal })),
  );
  const found = present(items)
    .filter(({ name }) => matches(name))
    .sort((one, other) => one.name.localeCompare(other.name));
  if (found.length > 0) return found.map((item) => ({ library, item }));
  throw new Failure(
    EXIT_CODES.notFound,
    `No item of library ${library.name} matches ${address.slice(at + 1)}.`,
    `List what it has: contentlib ls ${shellWord(libraryAddress(library.name))}`,
  );
}
