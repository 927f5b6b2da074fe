import { OPERATION_RIGHTS } from "@contentlib/contract/vocabulary";
import type { AnsweredRequest } from "../../ports/index.ts";
import { OTHER, within } from "./closed-set.ts";

/** What requests are told apart by. */
export interface RequestLabels {
  readonly road: string;
  readonly operation: string;
}

const OPERATIONS: ReadonlySet<string> = new Set(Object.keys(OPERATION_RIGHTS));
const ROADS: ReadonlySet<string> = new Set(["api", "rest", "rpc", "bytes", "pages"]);
const PAGES: ReadonlySet<string> = new Set([
  "/healthz",
  "/readyz",
  "/metrics",
  "/openapi/api.json",
  "/openapi/rest.json",
]);
const DOCS = "/docs";

/** What is done at a transfer endpoint, whose address says nothing that may be told. */
const TRANSFER_METHODS: Readonly<Record<string, string>> = {
  PUT: "upload",
  POST: "upload",
  GET: "download",
  HEAD: "probe",
};

/** Services of JSON-RPC that tell about the others; all of them are one. */
const METADATA = "metadata";

const pageOf = (path: string): string =>
  path === DOCS || path.startsWith(`${DOCS}/`) ? DOCS : within(PAGES, path);

const operationOf = (road: string, rest: string): string => {
  if (road === "pages") return pageOf(rest);
  if (OPERATIONS.has(rest)) return rest;
  return road === "rpc" && (rest === METADATA || rest.includes(".")) ? METADATA : OTHER;
};

/**
 * The labels of requests, all from closed sets: the roads, the contract's operations and our own pages. Whatever a client made up
 * is `other`, so that no name can be read from the figures and their number has a bound.
 */
export class RequestLabeling {
  /** By route, of the routes that the server has: finding one again costs less than taking it apart. */
  readonly #known = new Map<string, RequestLabels>();
  /** One object for what is alike. */
  readonly #all = new Map<string, RequestLabels>();

  /** Labels that are alike are the same object. */
  labelsOf({ route, method }: Pick<AnsweredRequest, "route" | "method">): RequestLabels {
    const known = this.#known.get(route);
    if (known !== undefined) return known;
    const space = route.indexOf(" ");
    const road = within(ROADS, space < 0 ? route : route.slice(0, space));
    const rest = route.slice(space + 1);
    if (road === "bytes") return this.#the(road, TRANSFER_METHODS[method] ?? OTHER);
    const labels = this.#the(road, operationOf(road, rest));
    if (OPERATIONS.has(rest)) this.#known.set(route, labels);
    return labels;
  }

  #the(road: string, operation: string): RequestLabels {
    const key = `${road} ${operation}`;
    let labels = this.#all.get(key);
    if (labels === undefined) this.#all.set(key, (labels = { road, operation }));
    return labels;
  }
}

/** What the log shows where nobody was there to be answered. */
const UNANSWERED = 0;

/** By the first digit of a status. */
const CLASSES: readonly string[] = [OTHER, "1xx", "2xx", "3xx", "4xx", "5xx"];

/**
 * How a request ended: the class of its status, `gone` where the client had gone, or `error` for a call of JSON-RPC that was
 * answered with an error, which has the status 200.
 */
export const statusClassOf = ({ status, fault }: AnsweredRequest): string => {
  if (status === UNANSWERED) return "gone";
  const hundreds = Math.trunc(status / 100);
  return fault !== undefined && hundreds === 2 ? "error" : (CLASSES[hundreds] ?? OTHER);
};
