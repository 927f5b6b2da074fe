import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import { STEERING } from "./output.ts";

/** One part of an address: what it names, or the id that it gives. */
export type AddressPart =
  | { readonly kind: "id"; readonly id: string }
  | {
      readonly kind: "name";
      readonly name: string;
      /** Whether the part can be an id too: it has the form of one, and nothing in it is encoded. */
      readonly maybeId: boolean;
    };

/** What an address can mean. */
export interface AddressReading {
  readonly library: AddressPart | null;
  /** Null where a library is meant. With an item and no library, the item is named by its id. */
  readonly item: AddressPart | null;
  /** The content version behind `@`; null for the present one. */
  readonly version: string | null;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What an address of a library means; a slash at its end counts for nothing. Throws Failure where it makes no sense. */
export const parseLibraryAddress = (address: string): AddressPart =>
  parsePart(address.replace(/\/$/, ""), address);

/**
 * What an address of an item can mean: LIBRARY/ITEM, LIBRARY/ITEM@VERSION, or the id of an item. A slash of a name is
 * encoded; where it is not, each may be the one between library and item, so that there are several readings.
 * Throws Failure where there is none.
 */
export function parseItemAddress(address: string): readonly AddressReading[] {
  const readings = slashesOf(address).map((at) => ({
    library: parsePart(address.slice(0, at), address),
    ...itemReading(address.slice(at + 1), address),
  }));
  if (readings.length > 0) return readings;
  const alone = itemReading(address, address);
  if (isId(alone.item)) return [{ library: null, ...alone }];
  throw new Failure(
    EXIT_CODES.usage,
    `${address} does not name an item.`,
    "An item is written LIBRARY/ITEM, like images/debian, or id:UUID",
  );
}

const isId = (part: AddressPart | null): boolean =>
  part !== null && (part.kind === "id" || part.maybeId);

/** The places of slashes that have something on both sides; an id has none in it. */
const slashesOf = (address: string): readonly number[] =>
  [...address.matchAll(/\//g)]
    .map(({ index }) => index)
    .filter((at) => at > 0 && at < address.length - 1)
    .slice(0, /^id:/i.test(address) ? 1 : undefined);

/** Digits behind an `@` are a content version: an `@` that is part of a name is encoded. */
function itemReading(text: string, address: string): Pick<AddressReading, "item" | "version"> {
  const [, name, version] = /^(.+)@([1-9]\d*)$/s.exec(text) ?? [];
  return name === undefined || version === undefined
    ? { item: parsePart(text, address), version: null }
    : { item: parsePart(name, address), version };
}

function parsePart(text: string, address: string): AddressPart {
  if (text === "")
    throw new Failure(
      EXIT_CODES.usage,
      "An address is not empty.",
      "Like images, or images/debian",
    );
  if (/^id:/i.test(text)) {
    const id = text.slice(3);
    if (UUID.test(id)) return { kind: "id", id: id.toLowerCase() };
    throw unreadable(address, "behind id: stands a UUID", ":");
  }
  return { kind: "name", name: decoded(text, address), maybeId: UUID.test(text) };
}

function decoded(text: string, address: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unreadable(address, "a % begins the code of a character, like %2F for a slash", "%");
  }
}

const unreadable = (address: string, rule: string, character: string): Failure =>
  new Failure(
    EXIT_CODES.usage,
    `${address} can not be read: ${rule}.`,
    `A ${character} that is part of a name is written ${percent(character)}`,
  );

/** The address of a library by its name; what it means to `parseLibraryAddress` is that name and nothing else. */
export const libraryAddress = (name: string): string => encodePart(name);

/** The address of an item by the names of its library and its own, and a content version where one is meant. */
export const itemAddress = (library: string, item: string, version?: string): string =>
  `${encodePart(library)}/${encodePart(item)}${version === undefined ? "" : `@${version}`}`;

/** The address of whatever has this id. */
export const idAddress = (id: string): string => `id:${id}`;

/** What steers a terminal is encoded as well: shown as it is, it could not be copied. */
function encodePart(name: string): string {
  const encoded = name.replaceAll(/[/@%]/g, percent).replaceAll(STEERING, percent);
  const isTaken = encoded.startsWith("-") || /^id:/i.test(encoded) || UUID.test(encoded);
  return isTaken ? `${percent(encoded.slice(0, 1))}${encoded.slice(1)}` : encoded;
}

const percent = (text: string): string =>
  [...new TextEncoder().encode(text)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");
