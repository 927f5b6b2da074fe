import { shortened } from "../vocabulary/echo.ts";
import { faultOf, isFault, type FaultValue } from "../vocabulary/faults.ts";
import type { OperationId } from "../vocabulary/operation-ids.ts";
import { TOLERANCES, type Tolerance, type Verb, type Wire } from "./binding.ts";
import { parseQuery, percentDecoded, type Query } from "./query.ts";
import { routesOf, treeOf, type Route, type RouteNode, type RouteParameter } from "./routes.ts";

/** A request that belongs to an operation. */
export interface RouteMatch {
  readonly kind: "match";
  readonly operationId: OperationId;
  readonly route: Route;
  /** Parameters found in the path, decoded. */
  readonly pathInput: Readonly<Record<string, string>>;
  /** Parameters found in the query, under their documented names; `decodeInput` refuses unknown ones. */
  readonly query: ReadonlyMap<string, string>;
  /** What a strict server would have refused. */
  readonly tolerances: readonly Tolerance[];
  /** Whether the body counts; where it does not, it is read and thrown away unparsed. */
  readonly readsBody: boolean;
}

/** What a method, a path and a query lead to. */
export type RouteOutcome =
  | RouteMatch
  | { readonly kind: "fault"; readonly fault: FaultValue }
  | { readonly kind: "method_not_allowed"; readonly allow: readonly Verb[] };

/** Whether a server takes what only old or careless clients send. */
export interface Strictness {
  readonly strict: boolean;
}

const TREES: Readonly<Record<Wire, RouteNode>> = {
  rest: treeOf(routesOf("rest")),
  api: treeOf(routesOf("api")),
};

const ID_PREFIX = "id:";
const FILE_NAME_TWINS: Readonly<Record<string, string>> = { name: "file_name", file_name: "name" };

/** The refusal of one tolerance. */
export const toleranceRefused = (tolerance: Tolerance): FaultValue =>
  faultOf("request.tolerance_refused", TOLERANCES[tolerance]);

interface Place {
  readonly node: RouteNode;
  readonly values: readonly string[];
  readonly prefixTolerated: boolean;
}

/** An identifier of the path without its `id:`, and whether the prefix was there or missing against what is documented. */
const identifierOf = (
  parameter: RouteParameter,
  segment: string,
): { readonly id: string; readonly tolerated: boolean } => {
  const prefixed = segment.startsWith(ID_PREFIX);
  return {
    id: prefixed ? segment.slice(ID_PREFIX.length) : segment,
    tolerated: prefixed !== parameter.hasPrefix,
  };
};

/** Follows the path through the tree: literals first, then the parameter. Each segment is decoded once, after splitting. */
const findPlace = (wire: Wire, rawPath: string): Place | FaultValue | undefined => {
  const end = rawPath.length > 1 && rawPath.endsWith("/") ? rawPath.length - 1 : rawPath.length;
  const values: string[] = [];
  let prefixTolerated = false;
  let node: RouteNode = TREES[wire];
  let from = 1;
  while (from <= end) {
    const slash = rawPath.indexOf("/", from);
    const to = slash < 0 || slash > end ? end : slash;
    const segment = percentDecoded(rawPath.slice(from, to));
    if (segment === undefined)
      return faultOf("request.invalid_member", "the path", "its percent-encoding is malformed");
    from = to + 1;
    const literal = node.literals.get(segment);
    if (literal !== undefined) {
      node = literal;
      continue;
    }
    if (node.parameter === undefined || segment === "") return undefined;
    if (node.parameter.isId) {
      const { id, tolerated } = identifierOf(node.parameter, segment);
      if (id === "") return undefined;
      prefixTolerated ||= tolerated;
      values.push(id);
    } else {
      values.push(segment);
    }
    node = node.parameter.node;
  }
  return node.choices.size === 0 ? undefined : { node, values, prefixTolerated };
};

const chosenRoute = (choices: readonly Route[], query: Query): Route | undefined =>
  choices.find(({ marker }) => {
    if (marker === undefined || query.parameters.has(marker)) return true;
    const twin = FILE_NAME_TWINS[marker];
    return twin !== undefined && query.parameters.has(twin);
  });

/** The query under documented names: `name` and `file_name` stand for each other where one of them is known. */
const documentedQuery = (
  route: Route,
  query: Query,
  tolerances: Tolerance[],
): ReadonlyMap<string, string> => {
  const { marker } = route;
  const twin = marker === undefined ? undefined : FILE_NAME_TWINS[marker];
  if (marker === undefined || twin === undefined || query.parameters.has(marker))
    return query.parameters;
  tolerances.push("fileNameMember");
  return new Map(
    [...query.parameters].map(([name, value]) => [name === twin ? marker : name, value]),
  );
};

const NO_INPUT: Readonly<Record<string, string>> = Object.freeze({});

const pathInputOf = (route: Route, values: readonly string[]): Readonly<Record<string, string>> => {
  if (values.length === 0) return NO_INPUT;
  const input: Record<string, string> = {};
  route.pathNames.forEach((name, index) => {
    input[name] = values[index] ?? "";
  });
  return input;
};

const noSuchOperation = (method: string, rawPath: string, query: Query): RouteOutcome => {
  const action = query.action === "" ? "" : `?action=${query.action}`;
  return {
    kind: "fault",
    fault: faultOf("request.no_such_operation", shortened(`${method} ${rawPath}${action}`)),
  };
};

/**
 * Finds the operation a request belongs to. Never throws: an address nobody has is `request.no_such_operation`, a verb that an
 * existing address does not take is `method_not_allowed`, and malformed percent-encoding is a fault of the caller.
 */
export const matchRoute = (
  wire: Wire,
  method: string,
  rawPath: string,
  rawQuery: string,
  { strict }: Strictness,
): RouteOutcome => {
  const query = parseQuery(rawQuery);
  if (isFault(query)) return { kind: "fault", fault: query };
  const place = findPlace(wire, rawPath);
  if (place === undefined) return noSuchOperation(method, rawPath, query);
  if (isFault(place)) return { kind: "fault", fault: place };
  const verb = method === "POST" && query.verb !== "" ? query.verb : method;
  const choices = place.node.choices.get(`${verb} ${query.action}`);
  const route = choices && chosenRoute(choices, query);
  if (route === undefined) {
    const allow = [...place.node.verbs];
    const isUnknownAction = verb === "POST" && query.action !== "";
    return isUnknownAction || allow.some((allowed) => allowed === verb) || allow.length === 0
      ? noSuchOperation(method, rawPath, query)
      : { kind: "method_not_allowed", allow };
  }
  const tolerances: Tolerance[] = [...query.tolerances];
  if (place.prefixTolerated) tolerances.push("idPrefix");
  if (route.tolerance !== undefined) tolerances.push(route.tolerance);
  const parameters = documentedQuery(route, query, tolerances);
  const [refused] = tolerances;
  if (strict && refused !== undefined) return { kind: "fault", fault: toleranceRefused(refused) };
  return {
    kind: "match",
    operationId: route.operationId,
    route,
    pathInput: pathInputOf(route, place.values),
    query: parameters,
    tolerances,
    readsBody: route.body.kind !== "none",
  };
};
