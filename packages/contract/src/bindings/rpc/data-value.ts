/*
 * Values as JSON-RPC spells them. Only what JSON can not tell apart is wrapped, by an object with exactly one member:
 *
 *   | value              | spelling                                                                   |
 *   | ------------------ | -------------------------------------------------------------------------- |
 *   | structure          | {"STRUCTURE": {"<canonical name>": {member: value, ...}}}                  |
 *   | error              | {"ERROR": {"<canonical name>": {member: value, ...}}}                      |
 *   | optional member    | {"OPTIONAL": value}, {"OPTIONAL": null} or nothing at all                  |
 *   | secret             | {"SECRET": "text"}                                                         |
 *   | binary             | {"BINARY": "base64"}                                                       |
 *   | map                | list of structures named map-entry, with the members key and value         |
 *   | no result          | null                                                                       |
 *   | everything else    | as in JSON; a set is a list                                                |
 */

/** A value in the JSON of JSON-RPC. */
export type DataValue =
  | null
  | boolean
  | number
  | string
  | readonly DataValue[]
  | { readonly [name: string]: DataValue };

/** What an object holds, by name. */
export type Members = Readonly<Record<string, unknown>>;

/** The words that wrap a value. */
export type Wrapper = "STRUCTURE" | "ERROR" | "OPTIONAL" | "SECRET" | "BINARY";

/** Name of the structure that holds the parameters of a call. */
export const OPERATION_INPUT = "operation-input";

/** Name of the structure that is one entry of a map. */
export const MAP_ENTRY = "map-entry";

/** Name of a structure of which nothing more is known. */
export const DYNAMIC_STRUCTURE = "dynamic-structure";

/** Whether the value is an object, and no list. */
export const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Why a value is not what was expected, without a word of what it holds: it may be a secret. */
export const kindOf = (value: unknown): string => {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value !== "object") return `a ${typeof value}`;
  const names = Object.keys(value);
  const [name = ""] = names;
  return names.length === 1 && WRAPPERS.has(name) ? `a value in ${name}` : "an object";
};

const WRAPPERS: ReadonlySet<string> = new Set<Wrapper>([
  "STRUCTURE",
  "ERROR",
  "OPTIONAL",
  "SECRET",
  "BINARY",
]);

/** What stands in a wrapper of this name and nothing beside it; `undefined` where the value is no such wrapper. */
export const wrappedIn = (wrapper: string, value: unknown): unknown => {
  if (!isMembers(value) || !Object.hasOwn(value, wrapper)) return undefined;
  return Object.keys(value).length === 1 ? value[wrapper] : undefined;
};

/** The name and the members of a structure or an error; `undefined` where the value is none. */
export const structureIn = (
  wrapper: "STRUCTURE" | "ERROR",
  value: unknown,
): { readonly name: string; readonly members: Members } | undefined => {
  const named = wrappedIn(wrapper, value);
  if (!isMembers(named)) return undefined;
  const [name, ...others] = Object.keys(named);
  if (name === undefined || others.length > 0) return undefined;
  const members = named[name];
  return isMembers(members) ? { name, members } : undefined;
};
