import { itemAddress } from "./address-form.ts";
import type { VersionPlace } from "./address.ts";
import { Retold } from "./failure.ts";
import { shellWord } from "./output.ts";

/** What the server is told by its id, and people by its address. */
export interface NamedItem {
  readonly id: string;
  /** As it is written in the words for people. */
  readonly place: string;
}

/** A refusal that tells an item by its id, told with its address; any other error is what it was. */
export function namingItem(error: unknown, { id, place }: NamedItem, hint?: string): unknown {
  if (!(error instanceof Error) || !("class" in error) || !error.message.includes(id)) return error;
  return new Retold(error, hint, error.message.replaceAll(id, place));
}

/** Asks for something of an item or of a content version of it; a refusal names the item as people do. */
export async function namingPlace<Value>(
  { library, item, version }: VersionPlace,
  ask: () => Promise<Value>,
): Promise<Value> {
  try {
    return await ask();
  } catch (error) {
    const place = shellWord(itemAddress(library.name, item.name));
    const hint = version === null ? undefined : `List what is kept: contentlib versions ${place}`;
    throw namingItem(error, { id: item.id, place }, hint);
  }
}
