import type { Alias, Binding, Body } from "./binding.ts";

/*
 * The dialect of /api:
 *
 *   | point                 | spelling                                                              |
 *   | --------------------- | --------------------------------------------------------------------- |
 *   | base                  | /api/content/..., and /api/session                                    |
 *   | id in the path        | <id>, bare                                                            |
 *   | action                | query action=keep-alive                                               |
 *   | get of a part by name | GET; the name is a path segment or a query parameter                  |
 *   | structure in a body   | bare: the body is the structure                                       |
 *   | client_token          | query parameter                                                       |
 *   | result                | the result itself; 201 where something was created, else 200          |
 *   | no result             | 204                                                                   |
 *   | error                 | {"error_type": "<CLASS>", "messages": [...]}                          |
 *   | map                   | object                                                                |
 */

const NONE: Body = { kind: "none" };

/** A body that is the structure itself. */
const bare = (name: string): Body => ({ kind: "bare", name });

const post = (path: string, body: Body) => ({ verb: "POST", path, body }) as const;

const get = (path: string, ...query: readonly string[]): Binding => ({
  verb: "GET",
  path,
  body: NONE,
  status: 200,
  ...(query.length === 0 ? {} : { query }),
});

/** The spellings of /api that the bindings of the services are made of. */
export const api = {
  CONTENT: "/api/content",
  /** What this server adds to the API. */
  OURS: "/api/contentlib",
  bare,
  post,
  get,
  /** One of many at the same address, chosen by a query parameter whose presence tells it from the list. */
  getBy: (path: string, marker: string): Binding => ({ ...get(path, marker), marker }),
  remove: (path: string): Binding => ({ verb: "DELETE", path, body: NONE, status: 204 }),
  /** An action without a result. */
  act: (path: string, action: string, body: Body): Binding => ({
    ...post(path, body),
    action,
    status: 204,
  }),
  /** An action with a result. */
  ask: (path: string, action: string, body: Body): Binding => ({
    ...post(path, body),
    action,
    status: 200,
  }),
  create: (path: string, name = "create_spec"): Binding => {
    const address = { ...post(path, bare(name)), query: ["client_token"] };
    return { ...address, status: 201, aliases: [{ ...address, action: "create" }] };
  },
  update: (path: string, body: Body = bare("update_spec")): Binding => ({
    verb: "PATCH",
    path,
    body,
    status: 204,
    aliases: [{ ...post(path, body), action: "update", tolerance: "updateByPost" }],
  }),
  /** The binding, served under other addresses as well. */
  also: (binding: Binding, ...aliases: readonly Alias[]): Binding => ({
    ...binding,
    aliases: [...(binding.aliases ?? []), ...aliases],
  }),
} as const;
