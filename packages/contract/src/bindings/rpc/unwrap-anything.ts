import {
  DYNAMIC_STRUCTURE,
  type DataValue,
  isMembers,
  kindOf,
  MAP_ENTRY,
  structureIn,
  wrappedIn,
} from "./data-value.ts";
import { FAILED, type Unwrapping } from "./unwrapping.ts";

/** Deepest nesting of a value whose shape nobody knows. */
export const DEPTH_MAX = 64;

const isEntry = (value: unknown): boolean => structureIn("STRUCTURE", value)?.name === MAP_ENTRY;

/**
 * Takes the wrappers off a value whose shape is not known; an unset optional value is `undefined`. A list of map entries is an
 * object, for nothing else looks like one.
 */
export const unwrapAnything = (
  value: unknown,
  path: string,
  unwrapping: Unwrapping,
  depth = 1,
): unknown => {
  if (depth > DEPTH_MAX)
    return unwrapping.unexpected(path, `a value of at most ${String(DEPTH_MAX)} levels`, "more");
  const inner = (below: unknown): unknown => unwrapAnything(below, path, unwrapping, depth + 1);
  if (value === null) return unwrapping.unexpected(path, "a value", "null");
  if (Array.isArray(value)) return unwrapList(value, inner);
  if (!isMembers(value)) return value;
  const structure = structureIn("STRUCTURE", value) ?? structureIn("ERROR", value);
  if (structure !== undefined) return unwrapMembers(Object.entries(structure.members), inner);
  const optional = wrappedIn("OPTIONAL", value);
  if (optional !== undefined) return optional === null ? undefined : inner(optional);
  const text = wrappedIn("SECRET", value) ?? wrappedIn("BINARY", value);
  return typeof text === "string"
    ? text
    : unwrapping.unexpected(path, "a wrapped value", kindOf(value));
};

const unwrapList = (values: readonly unknown[], inner: (value: unknown) => unknown): unknown => {
  if (values.length > 0 && values.every(isEntry)) {
    const entries = values.map((value) => structureIn("STRUCTURE", value)?.members ?? {});
    return unwrapMembers(
      entries.map(({ key, value }) => [String(key), value]),
      inner,
    );
  }
  const elements: unknown[] = [];
  for (const value of values) {
    const element = inner(value);
    if (element === FAILED) return FAILED;
    elements.push(element);
  }
  return elements;
};

/** The members that are set. One called `__proto__` is a member like any other. */
const unwrapMembers = (
  members: readonly (readonly [string, unknown])[],
  inner: (value: unknown) => unknown,
): unknown => {
  const unwrapped: [string, unknown][] = [];
  for (const [name, sent] of members) {
    const value = inner(sent);
    if (value === FAILED) return FAILED;
    if (value !== undefined) unwrapped.push([name, value]);
  }
  return Object.fromEntries(unwrapped);
};

/** Wraps a value whose shape is not known: its structures have no names. */
export const wrapAnything = (value: unknown): DataValue => {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  if (Array.isArray(value)) return value.map(wrapAnything);
  if (!isMembers(value)) return { OPTIONAL: null };
  const members = Object.entries(value).map(
    ([name, member]) => [name, wrapAnything(member)] as const,
  );
  return { STRUCTURE: { [DYNAMIC_STRUCTURE]: Object.fromEntries(members) } };
};
