import type { ObjectShape, Shape } from "../../vocabulary/shape.ts";
import {
  isMembers,
  kindOf,
  MAP_ENTRY,
  type Members,
  OPERATION_INPUT,
  structureIn,
  wrappedIn,
} from "./data-value.ts";
import { unionChecker } from "./unions.ts";
import { unwrapAnything } from "./unwrap-anything.ts";
import { type Decoder, FAILED, type Unwrapping } from "./unwrapping.ts";

/** Types of plain values are judged by the reader of the input, in the same words on every wire. */
const asItIs: Decoder = (value) => value;

const decodeSecret: Decoder = (value, path, unwrapping) => {
  const text = wrappedIn("SECRET", value);
  return typeof text === "string"
    ? text
    : unwrapping.unexpected(path, "a string in SECRET", kindOf(value));
};

const decodeNothing: Decoder = (value, path, unwrapping) =>
  value === null || value === undefined
    ? undefined
    : unwrapping.unexpected(path, "null", kindOf(value));

/** What tells one element of a set from another. */
const identityOf = (element: unknown): unknown =>
  typeof element === "object" ? JSON.stringify(element) : element;

const listDecoder =
  (decode: Decoder, isSet: boolean): Decoder =>
  (value, path, unwrapping) => {
    if (!Array.isArray(value)) return unwrapping.unexpected(path, "a list", kindOf(value));
    const elements: unknown[] = [];
    for (let index = 0; index < value.length; index += 1) {
      const element = decode(value[index], `${path}[${String(index)}]`, unwrapping);
      if (element === FAILED) return FAILED;
      elements.push(element);
    }
    return isSet && new Set(elements.map(identityOf)).size < elements.length
      ? unwrapping.fail("request.invalid_member", path, "an element of a set stands in it twice")
      : elements;
  };

const entryIn = (value: unknown): Members | undefined => {
  const structure = structureIn("STRUCTURE", value);
  const isEntry =
    structure?.name === MAP_ENTRY &&
    typeof structure.members["key"] === "string" &&
    Object.hasOwn(structure.members, "value") &&
    Object.keys(structure.members).length === 2;
  return isEntry ? structure.members : undefined;
};

const mapDecoder =
  (decode: Decoder): Decoder =>
  (value, path, unwrapping) => {
    if (!Array.isArray(value))
      return unwrapping.unexpected(path, `a list of ${MAP_ENTRY}`, kindOf(value));
    const entries = new Map<string, unknown>();
    for (const sent of value) {
      const entry = entryIn(sent);
      if (entry === undefined)
        return unwrapping.unexpected(
          path,
          `a ${MAP_ENTRY} of key and value`,
          "another kind of element",
        );
      const key = String(entry["key"]);
      if (entries.has(key))
        return unwrapping.fail("request.invalid_member", path, `it has the key ${key} twice`);
      const member = decode(entry["value"], `${path}.${key}`, unwrapping);
      if (member === FAILED) return FAILED;
      entries.set(key, member);
    }
    return Object.fromEntries(entries);
  };

interface MemberDecoder {
  readonly decode: Decoder;
  readonly isOptional: boolean;
}

const pathBelow = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

/** The value in OPTIONAL, `undefined` where it is unset. */
const optionalIn = (value: unknown, path: string, unwrapping: Unwrapping): unknown => {
  const inner = wrappedIn("OPTIONAL", value);
  if (inner === undefined) return unwrapping.unexpected(path, "a value in OPTIONAL", kindOf(value));
  return inner === null ? undefined : inner;
};

const decodeMember = (
  member: MemberDecoder,
  sent: unknown,
  path: string,
  unwrapping: Unwrapping,
): unknown => {
  if (!member.isOptional) {
    // A null would count as absent later on.
    return sent === null
      ? unwrapping.unexpected(path, "a value", "null")
      : member.decode(sent, path, unwrapping);
  }
  const value = optionalIn(sent, path, unwrapping);
  return value === undefined || value === FAILED ? value : member.decode(value, path, unwrapping);
};

/** A member nobody knows: newer clients send theirs unset, which is as good as not at all. */
const decodeUnknown = (sent: unknown, path: string, unwrapping: Unwrapping): unknown =>
  wrappedIn("OPTIONAL", sent) === null || unwrapping.skipsUnknown
    ? undefined
    : unwrapping.fail("request.unsupported_property", path);

const membersOf = (
  value: unknown,
  name: string,
  path: string,
  unwrapping: Unwrapping,
): Members | typeof FAILED => {
  const structure = structureIn("STRUCTURE", value);
  if (structure === undefined)
    return unwrapping.unexpected(path, `a STRUCTURE named ${name}`, kindOf(value));
  return structure.name === name
    ? structure.members
    : unwrapping.unexpected(path, `a STRUCTURE named ${name}`, `one named ${structure.name}`);
};

/** Decoders of one set of shapes, each compiled once: structures may hold themselves. */
export class DecoderCompiler {
  readonly #decoders = new Map<ObjectShape, Decoder>();

  /** Builds, once, the decoder of a shape. */
  decoderOf(shape: Shape): Decoder {
    switch (shape.kind) {
      case "string":
        return shape.format === "password" ? decodeSecret : asItIs;
      case "integer":
      case "number":
      case "boolean":
      case "enumeration":
        return asItIs;
      case "list":
        return listDecoder(this.decoderOf(shape.element), shape.isSet);
      case "map":
        return mapDecoder(this.decoderOf(shape.value));
      case "anything":
        return (value, path, unwrapping) => unwrapAnything(value, path, unwrapping);
      case "nothing":
        return decodeNothing;
      case "object":
        return this.#structureDecoder(shape);
    }
  }

  #structureDecoder(shape: ObjectShape): Decoder {
    const known = this.#decoders.get(shape);
    if (known !== undefined) return known;
    const members = new Map<string, MemberDecoder>();
    const decoder = structureDecoder(shape, members);
    this.#decoders.set(shape, decoder);
    for (const name of shape.ignored)
      members.set(name, { decode: ignoredDecoder, isOptional: false });
    for (const [name, member] of shape.members)
      members.set(name, {
        decode: this.decoderOf(member.shape),
        isOptional: !shape.apiRequired.has(name),
      });
    return decoder;
  }
}

/** Members that are known and not used come in any form, so that newer clients may say more in them. */
const ignoredDecoder: Decoder = (value, path, unwrapping) =>
  unwrapAnything(value, path, unwrapping);

const structureDecoder = (
  shape: ObjectShape,
  members: ReadonlyMap<string, MemberDecoder>,
): Decoder => {
  const structureName = shape.canonical === "" ? OPERATION_INPUT : shape.canonical;
  const required = [...shape.apiRequired];
  const brokenUnion = unionChecker(shape.unions);
  return (value, path, unwrapping) => {
    const sent = membersOf(value, structureName, path, unwrapping);
    if (sent === FAILED) return FAILED;
    const result: Record<string, unknown> = {};
    for (const name of Object.keys(sent)) {
      const member = members.get(name);
      const below = pathBelow(path, name);
      const decoded =
        member === undefined
          ? decodeUnknown(sent[name], below, unwrapping)
          : decodeMember(member, sent[name], below, unwrapping);
      if (decoded === FAILED) return FAILED;
      if (decoded !== undefined) result[name] = decoded;
    }
    const missing = required.find((name) => result[name] === undefined);
    if (missing !== undefined)
      return unwrapping.fail("request.missing_member", pathBelow(path, missing));
    const broken = brokenUnion?.(result);
    return broken === undefined
      ? result
      : unwrapping.fail("request.invalid_member", pathBelow(path, broken.member), broken.reason);
  };
};

/** Whether the value is a structure of any name, as the parameters of a call must be. */
export const isStructure = (value: unknown): boolean =>
  isMembers(value) && structureIn("STRUCTURE", value) !== undefined;
