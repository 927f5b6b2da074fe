import { api } from "../api.ts";
import { members, type OperationBindings } from "../binding.ts";
import { rest } from "../rest.ts";

const R = `${rest.CONTENT}/local-library`;
const A = `${api.CONTENT}/local-library`;
const R_ONE = `${R}/id:{library_id}`;
const A_ONE = `${A}/{library_id}`;

/** How the operations on local libraries travel. */
export const LOCAL_LIBRARY_BINDINGS = {
  "localLibrary.create": { rest: rest.create(R), api: api.create(A) },
  "localLibrary.list": { rest: rest.get(R), api: api.get(A) },
  "localLibrary.get": { rest: rest.get(R_ONE), api: api.get(A_ONE) },
  "localLibrary.update": { rest: rest.update(R_ONE), api: api.update(A_ONE) },
  "localLibrary.delete": {
    rest: rest.also(
      rest.remove(R_ONE),
      { ...rest.remove(R_ONE), action: "force-delete" },
      rest.act(R_ONE, "force-delete", members()),
    ),
    api: api.also(
      api.remove(A_ONE),
      { ...api.remove(A_ONE), action: "force-delete" },
      api.act(A_ONE, "force-delete", members()),
    ),
  },
  "localLibrary.publish": {
    rest: rest.act(R_ONE, "publish", members("subscriptions")),
    api: api.act(A_ONE, "publish", members("subscriptions")),
  },
} as const satisfies Readonly<Record<string, OperationBindings>>;
