import { shortened } from "../vocabulary/echo.ts";
import { faultOf, type FaultValue } from "../vocabulary/faults.ts";
import type { Tolerance } from "./binding.ts";
import { toleranceRefused, type RouteMatch } from "./match-route.ts";

/** What arrives beside the address. */
export interface RequestRest {
  /** The value of a header `client_token`, where one was sent. */
  readonly headerClientToken?: string;
  /** The parsed JSON body; `undefined` where there was none. */
  readonly body: unknown;
  readonly strict: boolean;
}

/** The parameters of an operation as the caller sent them: not yet checked against any schema. */
export interface RawInput {
  readonly input: Readonly<Record<string, unknown>>;
  readonly tolerances: readonly Tolerance[];
}

type Members = Readonly<Record<string, unknown>>;

/** Other names under which a body member may come, by operation-independent custom. */
const MEMBER_TWINS: readonly (readonly [string, string, Tolerance])[] = [
  ["name", "file_name", "fileNameMember"],
  ["file_name", "name", "fileNameMember"],
  ["progress", "client_progress", "progressMember"],
  ["client_progress", "progress", "progressMember"],
];

const kindOf = (value: unknown): string => (Array.isArray(value) ? "a list" : `a ${typeof value}`);

/** How many members of a body are gathered: more than any structure has, so that an unknown one is among them. */
export const MEMBERS_READ_MAX = 1000;

/** The members that have a value, up to the bound: what comes after an unknown one, which is refused, is worth no time. */
const givenMembers = (members: Members): readonly (readonly [string, unknown])[] => {
  const given: [string, unknown][] = [];
  for (const name of Object.keys(members)) {
    const value = members[name];
    if (value === null) continue;
    given.push([name, value]);
    if (given.length === MEMBERS_READ_MAX) break;
  }
  return given;
};

const NO_MEMBERS: Members = {};

/** The members of a body; nothing where it is no object. */
const membersOf = (body: unknown): Members | undefined => {
  if (body === undefined || body === null) return NO_MEMBERS;
  return typeof body === "object" && !Array.isArray(body) ? (body as Members) : undefined;
};

/** Collects parameters from every part of a request; the same one twice must have the same value. */
class Gatherer {
  readonly tolerances: Tolerance[] = [];
  readonly #values = new Map<string, unknown>();
  #conflict: string | undefined;

  add(name: string, value: unknown): void {
    if (value === null || value === undefined) return;
    const earlier = this.#values.get(name);
    if (earlier !== undefined && earlier !== value) this.#conflict ??= name;
    this.#values.set(name, value);
  }

  get conflict(): FaultValue | undefined {
    return this.#conflict === undefined
      ? undefined
      : faultOf("request.conflicting_values", this.#conflict);
  }

  /** The parameters as an object; a member called `__proto__` is a member like any other. */
  toInput(): Members {
    return Object.fromEntries(this.#values);
  }
}

/** Every integer that a number keeps exact has that form; whatever has not stays a text, which is no integer. */
const INTEGER = /^-?\d{1,16}$/;

const asInteger = (text: string): number | string => (INTEGER.test(text) ? Number(text) : text);

const addQuery = (match: RouteMatch, gatherer: Gatherer): FaultValue | undefined => {
  for (const [name, value] of match.query) {
    if (!match.route.queryNames.has(name))
      return faultOf("request.unsupported_property", shortened(name));
    gatherer.add(name, match.route.integerNames.includes(name) ? asInteger(value) : value);
  }
  return undefined;
};

/** Parameters that stand beside a structure, or at the top of a body without one. */
const isParameter = (match: RouteMatch, name: string): boolean => {
  const { body, takesToken } = match.route;
  if (name === "client_token") return takesToken;
  if (body.kind === "wrapped" && body.beside.includes(name)) return true;
  return Object.hasOwn(match.pathInput, name);
};

/** A body that is a structure: under its parameter's name or bare, whatever the wire's custom. */
const addStructure = (
  match: RouteMatch,
  name: string,
  members: Members,
  gatherer: Gatherer,
): void => {
  const isWrapped = Object.hasOwn(members, name);
  const structure: [string, unknown][] = [];
  for (const [member, value] of givenMembers(members)) {
    if (isWrapped || isParameter(match, member)) gatherer.add(member, value);
    else structure.push([member, value]);
  }
  if (!isWrapped || members[name] === null) gatherer.add(name, Object.fromEntries(structure));
  const expectsWrapping = match.route.body.kind === "wrapped";
  if (isWrapped !== expectsWrapping && (isWrapped || structure.length > 0))
    gatherer.tolerances.push("wrapping");
};

/** A body of parameters by name, each also under the name another service gives it. */
const addMembers = (names: readonly string[], members: Members, gatherer: Gatherer): void => {
  for (const [member, value] of givenMembers(members)) {
    const twin = names.includes(member)
      ? undefined
      : MEMBER_TWINS.find(([sent, meant]) => sent === member && names.includes(meant));
    if (twin === undefined) {
      gatherer.add(member, value);
      continue;
    }
    gatherer.tolerances.push(twin[2]);
    gatherer.add(twin[1], value);
  }
};

const addBody = (match: RouteMatch, body: unknown, gatherer: Gatherer): FaultValue | undefined => {
  const shape = match.route.body;
  if (shape.kind === "none") return undefined;
  const members = membersOf(body);
  if (members === undefined) {
    return faultOf(
      "request.invalid_member",
      "the body",
      `an object is expected, not ${kindOf(body)}`,
    );
  }
  if (shape.kind === "members") {
    addMembers(shape.names, members, gatherer);
    const absent = (shape.required ?? []).some(
      (name) => members[name] === undefined || members[name] === null,
    );
    if (absent) gatherer.tolerances.push("missingErrorMessage");
    return undefined;
  }
  addStructure(match, shape.name, members, gatherer);
  return undefined;
};

const NO_TOLERANCES: readonly Tolerance[] = [];

/** Whether nothing beside the path counts, as with most reads: what stands there is the input already. */
const isAllInPath = ({ route, query }: RouteMatch): boolean =>
  route.body.kind === "none" && query.size === 0 && !route.takesToken;

/**
 * Gathers path, query, header and body of a matched request into the flat parameters of its operation. Unknown members are
 * handed on, so that the reader of the input can name them with their path.
 */
export const decodeInput = (match: RouteMatch, request: RequestRest): RawInput | FaultValue => {
  if (isAllInPath(match)) return { input: match.pathInput, tolerances: NO_TOLERANCES };
  const gatherer = new Gatherer();
  for (const [name, value] of Object.entries(match.pathInput)) gatherer.add(name, value);
  const fault = addQuery(match, gatherer);
  if (fault !== undefined) return fault;
  if (match.route.takesToken) gatherer.add("client_token", request.headerClientToken);
  const malformed = addBody(match, request.body, gatherer);
  if (malformed !== undefined) return malformed;
  if (gatherer.conflict !== undefined) return gatherer.conflict;
  const [refused] = gatherer.tolerances;
  if (request.strict && refused !== undefined) return toleranceRefused(refused);
  return { input: gatherer.toInput(), tolerances: gatherer.tolerances };
};
