import type { Alias, Binding, Body } from "./binding.ts";

/*
 * The dialect of /rest:
 *
 *   | point                 | spelling                                                              |
 *   | --------------------- | --------------------------------------------------------------------- |
 *   | base                  | /rest/com/vmware/content/..., and /rest/com/vmware/cis/session        |
 *   | id in the path        | id:<id>                                                               |
 *   | action                | query ~action=keep-alive                                              |
 *   | get of a part by name | POST with ~action=get and the name in the body                        |
 *   | structure in a body   | under its parameter's name: {"create_spec": {...}}                    |
 *   | client_token          | body member beside create_spec                                        |
 *   | result                | 200 with {"value": result}, whatever the operation                    |
 *   | no result             | 200, empty                                                            |
 *   | error                 | {"type": "com.vmware.vapi.std.errors.<class>", "value": {error}}      |
 *   | map                   | list of {"key", "value"}                                              |
 */

const NONE: Body = { kind: "none" };

/** A structure under its parameter's name, with other parameters beside it. */
const wrapped = (name: string, beside: readonly string[] = []): Body => ({
  kind: "wrapped",
  name,
  beside,
});

const post = (path: string, body: Body): Binding => ({ verb: "POST", path, body, status: 200 });

const act = (path: string, action: string, body: Body): Binding => ({
  ...post(path, body),
  action,
});

/** The spellings of /rest that the bindings of the services are made of. */
export const rest = {
  CONTENT: "/rest/com/vmware/content",
  wrapped,
  post,
  act,
  get: (path: string, ...query: readonly string[]): Binding => ({
    verb: "GET",
    path,
    body: NONE,
    status: 200,
    ...(query.length === 0 ? {} : { query }),
  }),
  remove: (path: string): Binding => ({ verb: "DELETE", path, body: NONE, status: 200 }),
  create: (path: string, name = "create_spec"): Binding => {
    const address = post(path, wrapped(name, ["client_token"]));
    return { ...address, aliases: [{ ...address, action: "create" }] };
  },
  update: (path: string, body: Body = wrapped("update_spec")): Binding => ({
    verb: "PATCH",
    path,
    body,
    status: 200,
    aliases: [{ ...act(path, "update", body), tolerance: "updateByPost" }],
  }),
  /** The binding, served under other addresses as well. */
  also: (binding: Binding, ...aliases: readonly Alias[]): Binding => ({
    ...binding,
    aliases: [...(binding.aliases ?? []), ...aliases],
  }),
} as const;
