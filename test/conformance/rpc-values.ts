import assert from "node:assert/strict";
import { type MembersText, STRUCTURES, type Union, UNIONS } from "./rpc-structures.ts";

type Members = Readonly<Record<string, unknown>>;

interface Member {
  readonly name: string;
  readonly isOptional: boolean;
  readonly type: string;
}

const membersByText = new Map<MembersText, readonly Member[]>();

/** What stands in a text of members. */
function membersIn(text: MembersText): readonly Member[] {
  const known = membersByText.get(text);
  if (known !== undefined) return known;
  const members = [...text.matchAll(/(\w+)(\??):(\S+)/g)].map(([, name = "", mark, type = ""]) => ({
    name,
    isOptional: mark === "?",
    type,
  }));
  membersByText.set(text, members);
  return members;
}

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Wraps a value as clients do: every optional member is sent, unset ones too. What is not of its type goes out as it is, so that a
 * test can send it.
 */
export function wrap(type: string, value: unknown): unknown {
  const inner = type.slice(1, -1);
  if (type === "secret") return typeof value === "string" ? { SECRET: value } : value;
  if (/^[[<]/.test(type))
    return Array.isArray(value) ? value.map((each: unknown) => wrap(inner, each)) : value;
  const members = STRUCTURES[type];
  return members === undefined || !isMembers(value)
    ? value
    : { STRUCTURE: { [`com.vmware.${type}`]: wrapMembers(members, value) } };
}

/** Wraps the parameters of a call. */
export function wrapInput(members: MembersText, input: Members): unknown {
  return { STRUCTURE: { "operation-input": wrapMembers(members, input) } };
}

function wrapMembers(text: MembersText, value: Members): Members {
  const wrapped: Record<string, unknown> = {};
  const members = membersIn(text);
  for (const { name, isOptional, type } of members) {
    const member = value[name];
    if (isOptional)
      wrapped[name] = { OPTIONAL: (member ?? null) === null ? null : wrap(type, member) };
    else if (member !== undefined) wrapped[name] = wrap(type, member);
  }
  for (const [name, member] of Object.entries(value)) {
    if (!members.some((known) => known.name === name)) wrapped[name] = { OPTIONAL: member };
  }
  return wrapped;
}

/** Unwraps an output of a type; it must be of exactly that type. */
export function unwrap(type: string, value: unknown, at = "output"): unknown {
  const inner = type.slice(1, -1);
  const told = `${at}: ${JSON.stringify(value)} is no ${type}`;
  switch (type) {
    case "nothing":
      assert.equal(value, null, told);
      return undefined;
    case "text":
    case "time":
      assert.equal(typeof value, "string", told);
      return value;
    case "integer":
      assert.ok(Number.isSafeInteger(value), told);
      return value;
    case "boolean":
      assert.equal(typeof value, "boolean", told);
      return value;
    case "secret":
      return onlyMember(value, "SECRET", told);
    default:
      if (type.startsWith("{")) return unwrapMap(inner, value, at);
      return /^[[<]/.test(type) ? unwrapList(type, value, at) : unwrapStructure(type, value, at);
  }
}

function unwrapList(type: string, value: unknown, at: string): unknown {
  assert.ok(Array.isArray(value), `${at}: ${JSON.stringify(value)} is no list`);
  if (type.startsWith("<"))
    assert.equal(new Set(value).size, value.length, `${at}: a set has a member twice`);
  return value.map((each: unknown, index) => unwrap(type.slice(1, -1), each, `${at}[${index}]`));
}

function unwrapMap(type: string, value: unknown, at: string): unknown {
  assert.ok(Array.isArray(value), `${at}: ${JSON.stringify(value)} is no map`);
  const entries = value.map((each: unknown) => {
    const entry = onlyMember(onlyMember(each, "STRUCTURE", at), "map-entry", at) as Members;
    assert.deepEqual(Object.keys(entry), ["key", "value"], at);
    return [String(entry["key"]), unwrap(type, entry["value"], `${at}.${String(entry["key"])}`)];
  });
  assert.equal(new Set(entries.map(([key]) => key)).size, entries.length, `${at}: a key twice`);
  return Object.fromEntries(entries) as unknown;
}

function unwrapStructure(type: string, value: unknown, at: string): unknown {
  const members = STRUCTURES[type];
  assert.ok(members !== undefined, `${at}: there is no type ${type}`);
  const structure = onlyMember(onlyMember(value, "STRUCTURE", at), `com.vmware.${type}`, at);
  const unwrapped = unwrapMembers(members, structure, at);
  const union = UNIONS[type];
  if (union !== undefined) holdUnion(union, unwrapped, at);
  return unwrapped;
}

/** Unwraps the members of a structure or an error. No other may be there, and optional ones are wrapped as such. */
export function unwrapMembers(text: MembersText, value: unknown, at: string): Members {
  assert.ok(isMembers(value), `${at}: ${JSON.stringify(value)} has no members`);
  const members = membersIn(text);
  for (const name of Object.keys(value))
    assert.ok(
      members.some((known) => known.name === name),
      `${at}: ${name} is not known`,
    );
  const unwrapped: Record<string, unknown> = {};
  for (const { name, isOptional, type } of members) {
    if (isOptional && !(name in value)) continue;
    assert.ok(name in value, `${at}: ${name} is missing`);
    const member = isOptional ? onlyMember(value[name], "OPTIONAL", `${at}.${name}`) : value[name];
    if (!isOptional || member !== null) unwrapped[name] = unwrap(type, member, `${at}.${name}`);
  }
  return unwrapped;
}

function holdUnion({ tag, cases }: Union, value: Members, at: string): void {
  const found = cases[String(value[tag])];
  assert.ok(found !== undefined, `${at}: ${tag} is ${String(value[tag])}`);
  const named = new Set(Object.values(cases).flat());
  for (const member of named) {
    const name = member.replace("?", "");
    if (found.includes(name)) assert.ok(name in value, `${at}: ${name} is missing`);
    else if (!found.includes(`${name}?`))
      assert.ok(!(name in value), `${at}: ${name} breaks a union`);
  }
}

/** The one member of a wrapper. */
export function onlyMember(value: unknown, name: string, at: string): unknown {
  assert.ok(isMembers(value), `${at}: ${JSON.stringify(value)} is no ${name}`);
  assert.deepEqual(Object.keys(value), [name], at);
  return value[name];
}
