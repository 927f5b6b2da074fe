import type { OperationId } from "../vocabulary/operation-ids.ts";
import type { Body, Verb, Wire } from "./binding.ts";
import { bindingOf } from "./binding-of.ts";

/** A request before it becomes bytes. `path` is percent-encoded; `query` has no question mark and is empty where there is none. */
export interface EncodedRequest {
  readonly method: Verb;
  readonly path: string;
  readonly query: string;
  readonly body?: unknown;
}

type Members = Readonly<Record<string, unknown>>;

const quoted = (text: string): string => encodeURIComponent(text.toWellFormed());

/**
 * A name as one path segment. Empty ones and dots are refused: whoever normalises the address would turn them into the address
 * of something else.
 */
const segmentOf = (name: string, value: unknown): string => {
  if (typeof value !== "string" || value === "" || value === "." || value === "..") {
    throw new RangeError(
      `${name} can not be ${JSON.stringify(value) ?? "absent"}: it is part of an address.`,
    );
  }
  return quoted(value);
};

const pathOf = (template: string, input: Members): string =>
  template.replaceAll(/\{([a-z_]+)\}/g, (_, name: string) => segmentOf(name, input[name]));

const queryOf = (
  wire: Wire,
  action: string | undefined,
  names: readonly string[],
  input: Members,
): string => {
  const pairs = names.flatMap((name) => {
    const value = input[name];
    if (typeof value === "number") return [`${name}=${value}`];
    return typeof value === "string" ? [`${name}=${quoted(value)}`] : [];
  });
  const first = action === undefined ? [] : [`${wire === "rest" ? "~action" : "action"}=${action}`];
  return [...first, ...pairs].join("&");
};

const picked = (names: readonly string[], input: Members): Record<string, unknown> =>
  Object.fromEntries(
    names.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])),
  );

const bodyOf = (body: Body, input: Members): unknown => {
  switch (body.kind) {
    case "none":
      return undefined;
    case "bare":
      return input[body.name] ?? {};
    case "wrapped":
      return { ...picked(body.beside, input), [body.name]: input[body.name] ?? {} };
    case "members": {
      const members = picked(body.names, input);
      return Object.keys(members).length === 0 ? undefined : members;
    }
  }
};

/**
 * Spells a call of an operation on a wire, in its documented form only. Throws RangeError for a name no address can hold, and for an
 * operation that the wire does not have.
 */
export const encodeRequest = (
  wire: Wire,
  operationId: OperationId,
  input: object,
): EncodedRequest => {
  const binding = bindingOf(wire, operationId);
  const members: Members = { ...input };
  const path = pathOf(binding.path, members);
  const query = queryOf(wire, binding.action, binding.query ?? [], members);
  const body = bodyOf(binding.body, members);
  return { method: binding.verb, path, query, ...(body === undefined ? {} : { body }) };
};
