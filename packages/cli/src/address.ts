import type { Client, ItemModel, LibraryModel } from "@contentlib/client";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import { shellWord } from "./output.ts";

/** What it takes to look something up by its address. */
type Lookups = Pick<Client, "libraries" | "items" | "whoami">;

/** A library, and an item in it that may not exist yet. */
export interface ItemTarget {
  readonly library: LibraryModel;
  readonly itemName: string;
  readonly item: ItemModel | null;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The library an address names, by name or id. Throws Failure where there is none, or more than one. */
export async function resolveLibrary(
  client: Lookups,
  address: string,
  signal: AbortSignal,
): Promise<LibraryModel> {
  const library = await findLibrary(client, address, signal);
  if (library !== null) return library;
  throw await noLibrary(client, address, signal);
}

/** The item an address names: LIBRARY/ITEM, each by name or id, or the id of an item alone. */
export async function resolveItem(
  client: Lookups,
  address: string,
  signal: AbortSignal,
): Promise<{ readonly library: LibraryModel; readonly item: ItemModel }> {
  if (UUID.test(address)) {
    const item = await getItem(client, address, signal);
    if (item === null)
      throw new Failure(
        EXIT_CODES.notFound,
        `There is no item ${address}.`,
        "List the libraries: contentlib ls",
      );
    const library = await client.libraries.get({ library_id: item.library_id }, { signal });
    return { library, item };
  }
  const { library, itemName, item } = await resolveTarget(client, address, signal);
  if (item !== null) return { library, item };
  throw new Failure(
    EXIT_CODES.notFound,
    `Library ${library.name} has no item ${itemName}.`,
    `List what it has: contentlib ls ${shellWord(library.name)}`,
  );
}

/** The place an address names, where the item may be missing but the library must exist. */
export async function resolveTarget(
  client: Lookups,
  address: string,
  signal: AbortSignal,
): Promise<ItemTarget> {
  const splits = splitsOf(address);
  if (splits.length === 0) {
    throw new Failure(
      EXIT_CODES.usage,
      `${address} does not name an item.`,
      "An item is written LIBRARY/ITEM, like images/debian",
    );
  }
  const targets: ItemTarget[] = [];
  for (const [libraryPart, itemPart] of splits) {
    const library = await findLibrary(client, libraryPart, signal);
    if (library !== null)
      targets.push({
        library,
        itemName: itemPart,
        item: await findItem(client, library, itemPart, signal),
      });
  }
  const existing = targets.filter(({ item }) => item !== null);
  const candidates = existing.length > 0 ? existing : targets;
  if (candidates.length > 1) {
    const lines = candidates.map(
      ({ library, itemName, item }) => `${library.id}/${item?.id ?? itemName}`,
    );
    throw ambiguous(`item ${address}`, lines);
  }
  const [target] = candidates;
  if (target !== undefined) return target;
  throw await noLibrary(client, splits[0]?.[0] ?? address, signal);
}

/** Names may hold slashes themselves, so each slash may be the one between library and item. */
function splitsOf(address: string): readonly (readonly [string, string])[] {
  const splits: [string, string][] = [];
  for (let at = address.indexOf("/"); at !== -1; at = address.indexOf("/", at + 1)) {
    const parts: [string, string] = [address.slice(0, at), address.slice(at + 1)];
    if (parts[0] !== "" && parts[1] !== "") splits.push(parts);
  }
  return splits;
}

async function findLibrary(
  client: Lookups,
  part: string,
  signal: AbortSignal,
): Promise<LibraryModel | null> {
  if (UUID.test(part)) {
    const byId = await orNull(client.libraries.get({ library_id: part }, { signal }));
    if (byId !== null) return byId;
  }
  const ids = await client.libraries.find({ spec: { name: part } }, { signal });
  const found = await Promise.all(
    ids.map((id) => client.libraries.get({ library_id: id }, { signal })),
  );
  return pickByName(found, part, `library ${part}`);
}

async function findItem(
  client: Lookups,
  library: LibraryModel,
  part: string,
  signal: AbortSignal,
): Promise<ItemModel | null> {
  if (UUID.test(part)) {
    const byId = await getItem(client, part, signal);
    if (byId?.library_id === library.id) return byId;
  }
  const ids = await client.items.find({ spec: { name: part, library_id: library.id } }, { signal });
  const found = await Promise.all(
    ids.map((id) => client.items.get({ library_item_id: id }, { signal })),
  );
  return pickByName(found, part, `item ${part}`);
}

const getItem = async (
  client: Lookups,
  id: string,
  signal: AbortSignal,
): Promise<ItemModel | null> => await orNull(client.items.get({ library_item_id: id }, { signal }));

/** The server finds names in any case; the exact spelling wins where there are several. */
function pickByName<Named extends { readonly id: string; readonly name: string }>(
  found: readonly Named[],
  name: string,
  what: string,
): Named | null {
  const exact = found.filter((one) => one.name === name);
  const candidates = exact.length > 0 ? exact : found;
  if (candidates.length > 1)
    throw ambiguous(
      what,
      candidates.map((one) => `${one.id}  ${one.name}`),
    );
  return candidates[0] ?? null;
}

async function orNull<Model>(model: Promise<Model>): Promise<Model | null> {
  try {
    return await model;
  } catch (error) {
    if (error instanceof Error && "class" in error && error.class === "not_found") return null;
    throw error;
  }
}

const ambiguous = (what: string, candidates: readonly string[]): Failure =>
  new Failure(
    EXIT_CODES.refused,
    `More than one ${what} fits:\n${candidates.map((line) => `  ${line}`).join("\n")}`,
    "Name the one you mean by its id",
  );

/** Whoever may make a library is an administrator of everything, and sees all there are. */
async function noLibrary({ whoami }: Lookups, name: string, signal: AbortSignal): Promise<Failure> {
  const asked = whoami.get({ can: "localLibrary.create" }, { signal });
  const isMaker = await asked.then(
    ({ can }) => can === true,
    () => false,
  );
  return isMaker
    ? new Failure(
        EXIT_CODES.notFound,
        `There is no library ${name}.`,
        `Create it: contentlib library create ${shellWord(name)}`,
      )
    : new Failure(
        EXIT_CODES.notFound,
        `There is no library ${name}, or none that you may see.`,
        "List those that you may: contentlib ls",
      );
}
