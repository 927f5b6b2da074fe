import type { Tolerance } from "./binding.ts";
import { shortened } from "../vocabulary/echo.ts";
import { faultOf, type FaultValue } from "../vocabulary/faults.ts";

/** A query string taken apart: the action and verb it names, the other parameters, and the tolerances it made use of. */
export interface Query {
  readonly action: string;
  /** A verb that replaces the one of a POST; empty when none is named. */
  readonly verb: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly tolerances: readonly Tolerance[];
}

const NO_PARAMETERS: ReadonlyMap<string, string> = new Map();
const NO_QUERY: Query = { action: "", verb: "", parameters: NO_PARAMETERS, tolerances: [] };
const FILTER = "filter.";

/** The text behind percent signs, or nothing when they are malformed or hide something else than UTF-8. */
export const percentDecoded = (raw: string): string | undefined => {
  if (!raw.includes("%")) return raw;
  try {
    return decodeURIComponent(raw);
  } catch {
    return undefined;
  }
};

const formDecoded = (raw: string): string | undefined =>
  percentDecoded(raw.includes("+") ? raw.replaceAll("+", " ") : raw);

/** `library_id?library_id` is `library_id`: a documented path key that was sent as it stands. */
const withoutDoubling = (name: string): string => {
  const middle = (name.length - 1) / 2;
  return name[middle] === "?" && name.slice(0, middle) === name.slice(middle + 1)
    ? name.slice(0, middle)
    : name;
};

/** The action as its words are documented: `keep-alive`. */
const hyphenated = (action: string): string => action.replaceAll("_", "-");

const canonicalName = (name: string): string => {
  if (name === "~action") return "action";
  return name.startsWith(FILTER) ? name.slice(FILTER.length) : name;
};

/**
 * Takes a raw query string apart. A parameter may come twice only with the same value; a bare name beside one says nothing of its
 * own, since it is how documented addresses that end in `?file_name` look when a client adds the parameter to them.
 */
export const parseQuery = (raw: string): Query | FaultValue => {
  if (raw === "") return NO_QUERY;
  const parameters = new Map<string, string>();
  const bare = new Set<string>();
  const tolerances: Tolerance[] = [];
  for (const pair of raw.split("&")) {
    if (pair === "") continue;
    const cut = pair.indexOf("=");
    const sentName = formDecoded(cut < 0 ? pair : pair.slice(0, cut));
    const value = cut < 0 ? "" : formDecoded(pair.slice(cut + 1));
    if (sentName === undefined || value === undefined) {
      return faultOf("request.invalid_member", "the query", "its percent-encoding is malformed");
    }
    const single = withoutDoubling(sentName);
    if (single !== sentName) tolerances.push("doubledQueryName");
    const name = canonicalName(single);
    const spelt = name === "action" ? hyphenated(value) : value;
    if (spelt !== value) tolerances.push("actionSpelling");
    const earlier = parameters.get(name);
    if (cut < 0) {
      if (earlier !== undefined) continue;
      bare.add(name);
    }
    if (earlier !== undefined && earlier !== spelt && !bare.delete(name))
      return faultOf("request.conflicting_values", shortened(name));
    parameters.set(name, spelt);
  }
  const action = parameters.get("action") ?? "";
  const verb = (parameters.get("~method") ?? "").toUpperCase();
  parameters.delete("action");
  parameters.delete("~method");
  return { action, verb, parameters, tolerances };
};
