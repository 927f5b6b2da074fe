import { api } from "../api.ts";
import { members, type OperationBindings } from "../binding.ts";
import { rest } from "../rest.ts";

const R = `${rest.CONTENT}/library/subscriptions`;
const R_LIBRARY = `${R}/id:{library}`;
const A = `${api.CONTENT}/library/{library}/subscriptions`;
const A_ONE = `${A}/{subscription}`;
const ONE = members("subscription");

/** How the operations on the subscriptions of a published library travel. */
export const SUBSCRIPTION_BINDINGS = {
  "subscription.create": { rest: rest.create(R_LIBRARY, "spec"), api: api.create(A, "spec") },
  "subscription.list": { rest: rest.get(R, "library"), api: api.get(A) },
  "subscription.get": { rest: rest.act(R_LIBRARY, "get", ONE), api: api.get(A_ONE) },
  "subscription.update": {
    rest: rest.update(R_LIBRARY, rest.wrapped("spec", ["subscription"])),
    api: api.update(A_ONE, api.bare("spec")),
  },
  "subscription.delete": { rest: rest.act(R_LIBRARY, "delete", ONE), api: api.remove(A_ONE) },
} as const satisfies Readonly<Record<string, OperationBindings>>;
