import { api } from "../api.ts";
import { members, type OperationBindings } from "../binding.ts";
import { rest } from "../rest.ts";

const R = `${rest.CONTENT}/subscribed-library`;
const A = `${api.CONTENT}/subscribed-library`;
const R_ONE = `${R}/id:{library_id}`;
const A_ONE = `${A}/{library_id}`;
const PROBE = members("subscription_info");

/** How the operations on subscribed libraries travel. */
export const SUBSCRIBED_LIBRARY_BINDINGS = {
  "subscribedLibrary.create": { rest: rest.create(R), api: api.create(A) },
  "subscribedLibrary.list": { rest: rest.get(R), api: api.get(A) },
  "subscribedLibrary.get": { rest: rest.get(R_ONE), api: api.get(A_ONE) },
  "subscribedLibrary.update": { rest: rest.update(R_ONE), api: api.update(A_ONE) },
  "subscribedLibrary.delete": { rest: rest.remove(R_ONE), api: api.remove(A_ONE) },
  "subscribedLibrary.evict": {
    rest: rest.act(R_ONE, "evict", members()),
    api: api.act(A_ONE, "evict", members()),
  },
  "subscribedLibrary.sync": {
    rest: rest.act(R_ONE, "sync", members()),
    api: api.act(A_ONE, "sync", members()),
  },
  "subscribedLibrary.probe": { rest: rest.act(R, "probe", PROBE), api: api.ask(A, "probe", PROBE) },
} as const satisfies Readonly<Record<string, OperationBindings>>;
