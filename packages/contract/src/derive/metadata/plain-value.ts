import {
  type DataValue,
  isMembers,
  MAP_ENTRY,
  type Members,
  OPERATION_INPUT,
  structureIn,
  wrappedIn,
} from "../../bindings/rpc/data-value.ts";
import type { ApiCatalog, ApiField, ApiType } from "./api-type.ts";

/** A value before it is wrapped: `undefined` is an optional value that is unset, a `Map` is a map. */
export type PlainValue =
  | undefined
  | boolean
  | number
  | string
  | readonly PlainValue[]
  | ReadonlyMap<string, PlainValue>
  | { readonly [name: string]: PlainValue };

/** Input that does not have the form its operation asks for. */
export interface InvalidInput {
  readonly invalid: string;
}

const mismatch = (type: ApiType): never => {
  throw new TypeError(`A value does not fit its type ${JSON.stringify(type)}.`);
};

/** Wraps values by the structures of a catalog. A value that does not fit its type is a bug, and thrown. */
export const createEncoder = (catalog: ApiCatalog) => {
  const encodeStructure = (name: string, value: PlainValue): DataValue => {
    const structure = catalog.structures.get(name);
    if (structure === undefined || !isMembers(value)) return mismatch({ kind: "structure", name });
    const members = structure.fields.map(
      (field) => [field.name, encode(field.type, value[field.name])] as const,
    );
    return { STRUCTURE: { [name]: Object.fromEntries(members) } };
  };

  const encodeMap = (type: ApiType & { kind: "map" }, value: PlainValue): DataValue => {
    if (!(value instanceof Map)) return mismatch(type);
    const entries = value as ReadonlyMap<string, PlainValue>;
    return [...entries].map(([key, member]) => ({
      STRUCTURE: {
        [MAP_ENTRY]: { key: encode(type.key, key), value: encode(type.value, member) },
      },
    }));
  };

  const encode = (type: ApiType, value: PlainValue): DataValue => {
    switch (type.kind) {
      case "optional":
        return { OPTIONAL: value === undefined ? null : encode(type.element, value) };
      case "list":
      case "set":
        return Array.isArray(value)
          ? value.map((element: PlainValue) => encode(type.element, element))
          : mismatch(type);
      case "map":
        return encodeMap(type, value);
      case "structure":
        return encodeStructure(type.name, value);
      case "enumeration":
        return typeof value === "string" ? value : mismatch(type);
      case "builtin":
        return typeof value === "string" || typeof value === "boolean" ? value : mismatch(type);
    }
  };
  return encode;
};

type Decoded = { readonly value: PlainValue } | InvalidInput;
type Decode = (type: ApiType, value: unknown) => Decoded;

const decodeOptional = (element: ApiType, value: unknown, decode: Decode): Decoded => {
  if (value === undefined) return { value: undefined };
  const inner = wrappedIn("OPTIONAL", value);
  if (inner === null) return { value: undefined };
  return inner === undefined
    ? { invalid: "an optional value is wrapped in OPTIONAL" }
    : decode(element, inner);
};

/** The members of a structure of this name; `undefined` where the value is none. */
const membersOf = (name: string, value: unknown): Members | undefined => {
  const structure = structureIn("STRUCTURE", value);
  return structure?.name === name ? structure.members : undefined;
};

/** Unwraps the few kinds of values that the operations on metadata take: strings, optional ones, and structures of them. */
export const createDecoder = (catalog: ApiCatalog) => {
  const decodeStructure = (
    name: string,
    fields: readonly ApiField[],
    value: unknown,
  ): { readonly value: Readonly<Record<string, PlainValue>> } | InvalidInput => {
    const members = membersOf(name, value);
    if (members === undefined) return { invalid: `a structure named ${name} is expected` };
    const values: Record<string, PlainValue> = {};
    for (const field of fields) {
      // Own members only: an object has more names than it was given.
      const sent = Object.hasOwn(members, field.name) ? members[field.name] : undefined;
      const decoded = decode(field.type, sent);
      if ("invalid" in decoded) return { invalid: `${field.name}: ${decoded.invalid}` };
      values[field.name] = decoded.value;
    }
    return { value: values };
  };

  const decode: Decode = (type, value) => {
    if (type.kind === "optional") return decodeOptional(type.element, value, decode);
    if (type.kind === "structure")
      return decodeStructure(type.name, catalog.structures.get(type.name)?.fields ?? [], value);
    return typeof value === "string" ? { value } : { invalid: "a string is expected" };
  };

  return (params: readonly ApiField[], input: unknown) =>
    decodeStructure(OPERATION_INPUT, params, input);
};
