import { OPERATION_IDS, type OperationId } from "../vocabulary/operation-ids.ts";
import { WIRES, type Address, type Body, type Tolerance, type Verb, type Wire } from "./binding.ts";
import { BINDINGS } from "./bindings.ts";

/** One address of one operation, made ready for matching. */
export interface Route {
  readonly wire: Wire;
  readonly operationId: OperationId;
  readonly verb: Verb;
  readonly action: string;
  readonly marker: string | undefined;
  readonly path: string;
  /** Names of the parameters in the path, in their order. */
  readonly pathNames: readonly string[];
  /** Names of the parameters the query may hold. */
  readonly queryNames: ReadonlySet<string>;
  /** Those of them that are integers. */
  readonly integerNames: readonly string[];
  readonly body: Body;
  readonly takesToken: boolean;
  readonly tolerance: Tolerance | undefined;
}

/** A parameter at a place in the tree. */
export interface RouteParameter {
  /** Whether it is an identifier, from which one `id:` is stripped, and not a name, which may begin with it. */
  readonly isId: boolean;
  /** Whether it stands behind `id:` as documented. */
  readonly hasPrefix: boolean;
  readonly node: RouteNode;
}

/** A place in the tree of path segments. */
export interface RouteNode {
  readonly literals: Map<string, RouteNode>;
  parameter: RouteParameter | undefined;
  /** Routes that end here, by `VERB action`. */
  readonly choices: Map<string, Route[]>;
  /** Verbs that a strict server takes here too. */
  readonly verbs: Set<Verb>;
}

const ID_PREFIX = "id:";

const makeNode = (): RouteNode => ({
  literals: new Map(),
  parameter: undefined,
  choices: new Map(),
  verbs: new Set(),
});

const bracedName = (segment: string): string | undefined => {
  const bare = segment.startsWith(ID_PREFIX) ? segment.slice(ID_PREFIX.length) : segment;
  return bare.startsWith("{") && bare.endsWith("}") ? bare.slice(1, -1) : undefined;
};

/** Identifiers whose names do not say that they are. */
const BARE_IDENTIFIERS: ReadonlySet<string> = new Set([
  "library",
  "library_item",
  "subscription",
  "certificate",
]);

const isIdentifier = (name: string): boolean => name.endsWith("_id") || BARE_IDENTIFIERS.has(name);

/** The segments of a path pattern or a raw path, without the empty one before the first slash. */
const segmentsOf = (path: string): readonly string[] => path.split("/").slice(1);

const makeRoute = (
  wire: Wire,
  operationId: OperationId,
  address: Address,
  tolerance: Tolerance | undefined,
): Route => {
  const beside = address.body.kind === "wrapped" ? address.body.beside : [];
  const takesToken = [...(address.query ?? []), ...beside].includes("client_token");
  return {
    wire,
    operationId,
    verb: address.verb,
    action: address.action ?? "",
    marker: address.marker,
    path: address.path,
    pathNames: segmentsOf(address.path).flatMap((segment) => bracedName(segment) ?? []),
    queryNames: new Set([...(address.query ?? []), ...(takesToken ? ["client_token"] : [])]),
    integerNames: address.integers ?? [],
    body: address.body,
    takesToken,
    tolerance,
  };
};

/** Every route of a wire: each operation at its documented address and at its aliases. */
export const routesOf = (wire: Wire): readonly Route[] =>
  OPERATION_IDS.flatMap((id) => {
    const binding = BINDINGS[wire][id];
    if (binding === undefined) return [];
    return [
      makeRoute(wire, id, binding, undefined),
      ...(binding.aliases ?? []).map((alias) => makeRoute(wire, id, alias, alias.tolerance)),
    ];
  });

const nodeBelow = (node: RouteNode, segment: string): RouteNode => {
  const name = bracedName(segment);
  if (name !== undefined) {
    node.parameter ??= {
      isId: isIdentifier(name),
      hasPrefix: segment.startsWith(ID_PREFIX),
      node: makeNode(),
    };
    return node.parameter.node;
  }
  const known = node.literals.get(segment) ?? makeNode();
  node.literals.set(segment, known);
  return known;
};

/** What tells a route from all others of its wire. */
const keyOf = (route: Route): string => {
  const shape = segmentsOf(route.path).map((segment) =>
    bracedName(segment) === undefined ? segment : "{}",
  );
  return `${route.verb} /${shape.join("/")} action=${route.action} marker=${route.marker ?? ""}`;
};

/** The two operations of each address that two operations claim; empty when the routes are sound. */
export const ambiguitiesOf = (routes: readonly Route[]): readonly string[] => {
  const owners = new Map<string, OperationId>();
  return routes.flatMap((route) => {
    const key = keyOf(route);
    const owner = owners.get(key);
    owners.set(key, owner ?? route.operationId);
    return owner === undefined ? [] : [`${key}: ${owner} and ${route.operationId}`];
  });
};

/** Builds the tree that requests are matched against; throws when an address has two owners. */
export const treeOf = (routes: readonly Route[]): RouteNode => {
  const ambiguities = ambiguitiesOf(routes);
  if (ambiguities.length > 0) throw new Error(`Ambiguous routes: ${ambiguities.join("; ")}`);
  const root = makeNode();
  for (const route of routes) {
    const node = segmentsOf(route.path).reduce(nodeBelow, root);
    const key = `${route.verb} ${route.action}`;
    const choices = node.choices.get(key) ?? [];
    // The route with a marker is tried before the one without.
    node.choices.set(key, route.marker === undefined ? [...choices, route] : [route, ...choices]);
    if (route.tolerance === undefined) node.verbs.add(route.verb);
  }
  return root;
};

/** Refuses, at start, routes that could not be told apart. */
export const checkRoutes = (): void => {
  for (const wire of WIRES) treeOf(routesOf(wire));
};
