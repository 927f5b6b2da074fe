import type { Client, ItemModel, LibraryModel } from "@contentlib/client";
import {
  idAddress,
  itemAddress,
  libraryAddress,
  parseItemAddress,
  parseLibraryAddress,
} from "./address-form.ts";
import type { AddressPart, AddressReading } from "./address-form.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import { ifThere, present } from "./if-there.ts";
import { nameWord, shellWord } from "./output.ts";

/** What it takes to look something up by its address. */
type Lookups = Pick<Client, "library" | "item" | "whoami"> & Partial<Pick<Client, "serverVersion">>;

/** A library, and an item in it that may not exist yet. */
export interface ItemTarget {
  readonly library: LibraryModel;
  /** The name as the address spells it. */
  readonly itemName: string;
  readonly item: ItemModel | null;
}

/** An item with its library. */
export interface ItemPlace {
  readonly library: LibraryModel;
  readonly item: ItemModel;
}

/** An item with its library, and the content version that was asked for; null for the present one. */
export interface VersionPlace extends ItemPlace {
  readonly version: string | null;
}

/** The library an address names, by name or id. Throws Failure where there is none, or more than one. */
export async function resolveLibrary(
  client: Lookups,
  address: string,
  signal: AbortSignal,
): Promise<LibraryModel> {
  const part = parseLibraryAddress(address);
  const library = await findLibrary(client, part, signal);
  if (library !== null) return library;
  throw await noLibrary(client, part, { address, signal });
}

/**
 * The item an address names as it is now: LIBRARY/ITEM, each by name or id, or the id of an item alone. Throws Failure where
 * there is none, or more than one, and for an older content version of it.
 */
export async function resolveItem(
  client: Lookups,
  address: string,
  signal: AbortSignal,
): Promise<ItemPlace> {
  const { library, item, version } = await resolveVersion(client, address, signal);
  if (version === null) return { library, item };
  throw versionHere(address);
}

/** As `resolveItem`, with the content version behind `@`; null where it is the present one, or none is named. */
export async function resolveVersion(
  client: Lookups,
  address: string,
  signal: AbortSignal,
): Promise<VersionPlace> {
  const [place] = await findReadings(client, address, signal);
  const item = place?.item ?? null;
  if (place === undefined || item === null) throw noItem(place, address);
  const { library, reading } = place;
  const version = reading.version === item.content_version ? null : reading.version;
  return { library, item, version };
}

/** The place an address names, where the item may be missing but the library must exist. */
export async function resolveTarget(
  client: Lookups,
  address: string,
  signal: AbortSignal,
): Promise<ItemTarget> {
  const [place] = await findReadings(client, address, signal);
  if (place === undefined) throw noItem(place, address);
  const { library, item, reading } = place;
  if (reading.version !== null) throw versionHere(address);
  const itemName = spelledName(reading.item, item);
  if (itemName === null) throw noItem(place, address);
  if (item === null && hasMoreSlashes(address)) throw unclearName(address, library, itemName);
  return { library, itemName, item };
}

/** Where nothing is there yet, nobody can tell which slash is meant to be part of a name. */
const unclearName = (address: string, library: LibraryModel, itemName: string): Failure =>
  new Failure(
    EXIT_CODES.usage,
    `${address} has more than one /, and there is no such item yet.`,
    `${SLASH_HINT}: ${shellWord(itemAddress(library.name, itemName))}`,
  );

const SLASH_HINT = "A / that is part of a name is written %2F";

const hasMoreSlashes = (address: string): boolean => address.split("/").length > 2;

/** The name in the address, which may be another spelling of the item's; where the address has an id, the item's own. */
function spelledName(part: AddressPart | null, item: ItemModel | null): string | null {
  const isById = item !== null && part !== null && idOf(part) === item.id;
  if (isById) return item.name;
  return part?.kind === "name" ? part.name : null;
}

/** A library, or an item with the content version that was asked for. */
export type AnyPlace =
  | { readonly library: LibraryModel; readonly item: null }
  | (VersionPlace & { readonly item: ItemModel });

/** What an address names: a library or an item. An id alone may be that of either. */
export async function resolveAny(
  client: Lookups,
  address: string,
  signal: AbortSignal,
): Promise<AnyPlace> {
  if (/\/./.test(address)) return await resolveVersion(client, address, signal);
  const isVersion = /@[1-9]\d*$/.test(address);
  const part = parseLibraryAddress(isVersion ? address.replace(/@\d+$/, "") : address);
  const isId = part.kind === "id" || part.maybeId;
  const library = isVersion ? null : await findLibrary(client, part, signal);
  if (library !== null) return { library, item: null };
  if (isId) return await resolveVersion(client, address, signal);
  throw await noLibrary(client, parseLibraryAddress(address), { address, signal });
}

interface FoundReading {
  readonly reading: AddressReading;
  readonly library: LibraryModel;
  readonly item: ItemModel | null;
}

/** What an address leads to: the one item there is, or a place for it. Throws Failure where that is not one thing. */
async function findReadings(
  client: Lookups,
  address: string,
  signal: AbortSignal,
): Promise<readonly FoundReading[]> {
  const readings = parseItemAddress(address);
  const found: FoundReading[] = [];
  for (const reading of readings) {
    const one = await findReading(client, reading, signal);
    if (one !== null) found.push(one);
  }
  const existing = found.filter(({ item }) => item !== null);
  const candidates = existing.length > 0 ? existing : found;
  if (candidates.length > 1) throw ambiguous(`item ${address}`, candidates.map(candidateLine));
  const library = readings[0]?.library ?? null;
  if (candidates.length === 0 && library !== null)
    throw await noLibrary(client, library, { address, signal });
  return candidates;
}

async function findReading(
  client: Lookups,
  reading: AddressReading,
  signal: AbortSignal,
): Promise<FoundReading | null> {
  if (reading.item === null) return null;
  if (reading.library !== null) {
    const library = await findLibrary(client, reading.library, signal);
    if (library === null) return null;
    return { reading, library, item: await findItem(client, library, reading.item, signal) };
  }
  const id = idOf(reading.item);
  const item = id === null ? null : await getItem(client, id, signal);
  if (item === null) return null;
  const library = await client.library.get({ library_id: item.library_id }, { signal });
  return { reading, library, item };
}

const idOf = (part: AddressPart): string | null => {
  if (part.kind === "id") return part.id;
  return part.maybeId ? part.name : null;
};

async function findLibrary(
  client: Lookups,
  part: AddressPart,
  signal: AbortSignal,
): Promise<LibraryModel | null> {
  const get = async (id: string): Promise<LibraryModel | null> =>
    await ifThere(client.library.get({ library_id: id }, { signal }));
  const id = idOf(part);
  const byId = id === null ? null : await get(id);
  if (part.kind === "id") return byId;
  const ids = await client.library.find({ spec: { name: part.name } }, { signal });
  const named = present(await Promise.all(ids.map(get)));
  return pick(byId, named, { name: part.name, what: `library ${part.name}` });
}

async function findItem(
  client: Lookups,
  library: LibraryModel,
  part: AddressPart,
  signal: AbortSignal,
): Promise<ItemModel | null> {
  const id = idOf(part);
  const found = id === null ? null : await getItem(client, id, signal);
  const byId = found?.library_id === library.id ? found : null;
  if (part.kind === "id") return byId;
  const spec = { name: part.name, library_id: library.id };
  const ids = await client.item.find({ spec }, { signal });
  const named = await Promise.all(ids.map(async (one) => await getItem(client, one, signal)));
  return pick(byId, present(named), { name: part.name, what: `item ${part.name}` });
}

const getItem = async (
  client: Lookups,
  id: string,
  signal: AbortSignal,
): Promise<ItemModel | null> => await ifThere(client.item.get({ library_item_id: id }, { signal }));

/** The server finds names in any case; the exact spelling wins where there are several. */
function pick<Named extends { readonly id: string; readonly name: string }>(
  byId: Named | null,
  found: readonly Named[],
  { name, what }: { readonly name: string; readonly what: string },
): Named | null {
  const exact = found.filter((one) => one.name === name);
  const named = (exact.length > 0 ? exact : found).filter((one) => one.id !== byId?.id);
  const candidates = byId === null ? named : [byId, ...named];
  if (candidates.length > 1)
    throw ambiguous(
      what,
      candidates.map((one) => `${idAddress(one.id)}  ${one.name}`),
    );
  return candidates[0] ?? null;
}

function candidateLine({ library, item, reading }: FoundReading): string {
  if (item !== null)
    return `${idAddress(item.id)}  ${shellWord(itemAddress(library.name, item.name))}`;
  const name = reading.item?.kind === "name" ? reading.item.name : "";
  const byId = shellWord(`${idAddress(library.id)}/${libraryAddress(name)}`);
  return `${byId}  ${shellWord(itemAddress(library.name, name))}`;
}

const ambiguous = (what: string, candidates: readonly string[]): Failure =>
  new Failure(
    EXIT_CODES.refused,
    `More than one ${what} fits:\n${candidates.map((line) => `  ${line}`).join("\n")}`,
    "Name the one you mean by its id, as in the list",
  );

const LIST_HINT = "List the libraries: contentlib ls";

function noItem(found: FoundReading | undefined, address: string): Failure {
  const part = found?.reading.item ?? null;
  if (found === undefined || part === null)
    return new Failure(EXIT_CODES.notFound, `There is no item ${address}.`, LIST_HINT);
  const { library } = found;
  const what = part.kind === "name" ? part.name : idAddress(part.id);
  return new Failure(
    EXIT_CODES.notFound,
    `Library ${library.name} has no item ${what}.`,
    hasMoreSlashes(address)
      ? SLASH_HINT
      : `List what it has: contentlib ls ${shellWord(libraryAddress(library.name))}`,
  );
}

/** Only what reads can go back to an older content version. */
const versionHere = (address: string): Failure =>
  new Failure(
    EXIT_CODES.usage,
    `${address} names a content version, and this command works on the item as it is.`,
    "An @ that is part of a name is written %40",
  );

/** Whoever may make a library is an administrator of everything, and sees all there are; servers of another make do not tell. */
async function noLibrary(
  { whoami, serverVersion }: Lookups,
  part: AddressPart,
  { address, signal }: { readonly address: string; readonly signal: AbortSignal },
): Promise<Failure> {
  if (part.kind !== "name")
    return new Failure(EXIT_CODES.notFound, `There is no ${address}.`, LIST_HINT);
  const isOurs = serverVersion === undefined || (await serverVersion(signal)) !== null;
  const isMaker =
    isOurs &&
    (await whoami.get({ can: "localLibrary.create" }, { signal }).then(
      ({ can }) => can === true,
      () => false,
    ));
  return isMaker
    ? new Failure(
        EXIT_CODES.notFound,
        `There is no library ${part.name}.`,
        `Create it: contentlib library create ${nameWord(part.name)}`,
      )
    : new Failure(
        EXIT_CODES.notFound,
        `There is no library ${part.name}, or none that you may see.`,
        "List those that you may: contentlib ls",
      );
}
