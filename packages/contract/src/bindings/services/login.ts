import { api } from "../api.ts";
import { NO_BODY, type OperationBindings } from "../binding.ts";
import { rest } from "../rest.ts";

const R = "/rest/com/vmware/cis/session";
const A = "/api/session";

/** How the login operations travel. */
export const LOGIN_BINDINGS = {
  "login.create": { rest: rest.post(R, NO_BODY), api: { ...api.post(A, NO_BODY), status: 201 } },
  "login.get": { rest: rest.also(rest.act(R, "get", NO_BODY), rest.get(R)), api: api.get(A) },
  "login.delete": { rest: rest.remove(R), api: api.remove(A) },
} as const satisfies Readonly<Record<string, OperationBindings>>;
