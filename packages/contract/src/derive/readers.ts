import type { Tolerance } from "../bindings/binding.ts";
import { toleranceRefused } from "../bindings/match-route.ts";
import { shortened } from "../vocabulary/echo.ts";
import { faultOf, type FaultCode, type FaultValue } from "../vocabulary/faults.ts";
import type { ObjectShape, Shape } from "../vocabulary/shape.ts";

/** Deepest nesting of a value that is taken as it comes; JSON text can be nested far deeper than a stack. */
export const NESTING_LEVELS_MAX = 32;

/** What a reader returns in place of a value when it has found a fault. */
export const FAILED: unique symbol = Symbol("failed");

/** The state of reading one request. */
export class Reading {
  readonly strict: boolean;
  /** Members that are known and change nothing, by their path inside the structure. */
  readonly ignored: string[] = [];
  #fault: FaultValue | undefined;

  constructor(strict: boolean) {
    this.strict = strict;
  }

  get fault(): FaultValue | undefined {
    return this.#fault;
  }

  fail(code: FaultCode, ...args: readonly string[]): typeof FAILED {
    this.#fault ??= faultOf(code, ...args.map(shortened));
    return FAILED;
  }

  /** Fails when the server is strict. */
  isRefused(tolerance: Tolerance): boolean {
    if (this.strict) this.#fault ??= toleranceRefused(tolerance);
    return this.strict;
  }
}

/** Turns what a caller sent for one member into its value. `path` names the member for people. */
export type Reader = (value: unknown, path: string, reading: Reading) => unknown;

const KIND_NAMES = {
  string: "a string",
  number: "a number",
  boolean: "true or false",
  object: "an object",
} as const;

const kindOf = (value: unknown): string => {
  if (Array.isArray(value)) return "a list";
  const kind = typeof value;
  return kind in KIND_NAMES ? KIND_NAMES[kind as keyof typeof KIND_NAMES] : kind;
};

const unexpected = (expected: string, value: unknown, path: string, reading: Reading) =>
  reading.fail("request.invalid_member", path, `${expected} is expected, not ${kindOf(value)}`);

const readString: Reader = (value, path, reading) =>
  typeof value === "string" ? value : unexpected("a string", value, path, reading);

const readBoolean: Reader = (value, path, reading) =>
  typeof value === "boolean" ? value : unexpected("true or false", value, path, reading);

const readNumber: Reader = (value, path, reading) =>
  typeof value === "number" && Number.isFinite(value)
    ? value
    : unexpected("a number", value, path, reading);

const DECIMAL = /^[0-9]{1,19}$/;

const readInteger: Reader = (value, path, reading) => {
  let number = value;
  if (typeof value === "string" && DECIMAL.test(value)) {
    if (reading.isRefused("integerText")) return FAILED;
    number = Number(value);
  }
  if (typeof number !== "number") return unexpected("an integer", value, path, reading);
  // Adding zero turns the minus zero of JSON into zero.
  if (Number.isSafeInteger(number)) return number + 0;
  return Number.isInteger(number) || !Number.isFinite(number)
    ? reading.fail(
        "request.invalid_member",
        path,
        "it is beyond what an integer can hold, 9007199254740991",
      )
    : reading.fail("request.invalid_member", path, `an integer is expected, not ${String(value)}`);
};

const SHA_SPELLING = /^(?:SHA-(1|256|512)|SHA2-(256|512))$/;

/** The documented spelling of an enumeration value that was sent in another one. */
const documentedValue = (sent: string, values: ReadonlySet<string>): string | undefined => {
  const upper = sent.toUpperCase();
  if (values.has(upper)) return upper;
  const sha = SHA_SPELLING.exec(upper);
  const digest = sha && `SHA${sha[1] ?? sha[2] ?? ""}`;
  return digest && values.has(digest) ? digest : undefined;
};

const enumerationReader = (values: readonly string[]): Reader => {
  const known = new Set(values);
  const expected = `one of ${values.join(", ")}`;
  return (value, path, reading) => {
    if (typeof value !== "string") return unexpected(expected, value, path, reading);
    if (known.has(value)) return value;
    const documented = documentedValue(value, known);
    if (documented === undefined) {
      return reading.fail(
        "request.invalid_member",
        path,
        `${expected} is expected, not ${shortened(value)}`,
      );
    }
    return reading.isRefused("enumerationSpelling") ? FAILED : documented;
  };
};

const listReader =
  (element: Reader): Reader =>
  (value, path, reading) => {
    if (!Array.isArray(value)) return unexpected("a list", value, path, reading);
    const elements: unknown[] = [];
    for (const [index, sent] of value.entries()) {
      const read = element(sent, `${path}[${String(index)}]`, reading);
      if (read === FAILED) return FAILED;
      elements.push(read);
    }
    return elements;
  };

/** A value without its `null` members, down to a bounded depth. */
const withoutNulls = (value: unknown, path: string, reading: Reading, level: number): unknown => {
  if (typeof value !== "object" || value === null) return value;
  if (level > NESTING_LEVELS_MAX) {
    return reading.fail(
      "request.invalid_member",
      path,
      `it is nested deeper than ${String(NESTING_LEVELS_MAX)} levels`,
    );
  }
  if (Array.isArray(value)) {
    const elements = value.map((element: unknown) =>
      withoutNulls(element, path, reading, level + 1),
    );
    return elements.includes(FAILED) ? FAILED : elements;
  }
  const members: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member === null) continue;
    const read = withoutNulls(member, path, reading, level + 1);
    if (read === FAILED) return FAILED;
    members.push([name, read]);
  }
  return Object.fromEntries(members);
};

interface ReadableMember {
  readonly read: Reader;
  readonly isCompared: boolean;
}

const pathBelow = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

/** The path inside the structure: callers of /api never see the name of the parameter that holds it. */
const insidePath = (path: string, name: string): string => {
  const cut = path.indexOf(".");
  return cut < 0 ? name : `${path.slice(cut + 1)}.${name}`;
};

const objectReader = (shape: ObjectShape): Reader => {
  const members = new Map<string, ReadableMember>(
    [...shape.members].map(([name, member]) => [
      name,
      { read: readerOf(member.shape), isCompared: shape.compared.has(name) },
    ]),
  );
  const required = [...shape.members].flatMap(([name, member]) => (member.required ? [name] : []));
  return (value, path, reading) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return unexpected("an object", value, path, reading);
    }
    const result: Record<string, unknown> = {};
    // By names, since pairs of all members are dear where the first unknown one of very many ends it.
    for (const name of Object.keys(value)) {
      const sent = (value as Readonly<Record<string, unknown>>)[name];
      if (sent === null || sent === undefined) continue;
      const member = members.get(name);
      if (member === undefined) {
        if (!shape.ignored.has(name))
          return reading.fail("request.unsupported_property", pathBelow(path, shortened(name)));
        reading.ignored.push(insidePath(path, name));
        continue;
      }
      if (member.isCompared) reading.ignored.push(insidePath(path, name));
      const read = member.read(sent, pathBelow(path, name), reading);
      if (read === FAILED) return FAILED;
      result[name] = read;
    }
    const missing = required.find((name) => result[name] === undefined);
    return missing === undefined
      ? result
      : reading.fail("request.missing_member", pathBelow(path, missing));
  };
};

/** Builds, once, the reader of a shape. */
export const readerOf = (shape: Shape): Reader => {
  switch (shape.kind) {
    case "string":
      return readString;
    case "integer":
      return readInteger;
    case "number":
      return readNumber;
    case "boolean":
      return readBoolean;
    case "anything":
      return (value, path, reading) => withoutNulls(value, path, reading, 1);
    case "enumeration":
      return enumerationReader(shape.values);
    case "list":
      return listReader(readerOf(shape.element));
    case "object":
      return objectReader(shape);
    case "map":
    case "nothing":
      throw new Error(`A ${shape.kind} can not be read: no operation takes one.`);
  }
};
