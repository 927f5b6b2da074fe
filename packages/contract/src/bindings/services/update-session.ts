import { api } from "../api.ts";
import { members, membersRequired, type OperationBindings } from "../binding.ts";
import { rest } from "../rest.ts";

const R = `${rest.CONTENT}/library/item/update-session`;
const A = `${api.CONTENT}/library/item/update-session`;
const R_ONE = `${R}/id:{update_session_id}`;
const A_ONE = `${A}/{update_session_id}`;
const FAIL = membersRequired("client_error_message");
const KEEP_ALIVE = members("client_progress");

/** How the operations on update sessions travel. */
export const UPDATE_SESSION_BINDINGS = {
  "updateSession.create": { rest: rest.create(R), api: api.create(A) },
  "updateSession.list": {
    rest: rest.get(R, "library_item_id"),
    api: api.get(A, "library_item_id"),
  },
  "updateSession.get": { rest: rest.get(R_ONE), api: api.get(A_ONE) },
  "updateSession.update": { rest: rest.update(R_ONE), api: api.update(A_ONE) },
  "updateSession.delete": { rest: rest.remove(R_ONE), api: api.remove(A_ONE) },
  "updateSession.cancel": {
    rest: rest.act(R_ONE, "cancel", members()),
    api: api.act(A_ONE, "cancel", members()),
  },
  "updateSession.complete": {
    rest: rest.act(R_ONE, "complete", members()),
    api: api.act(A_ONE, "complete", members()),
  },
  "updateSession.fail": { rest: rest.act(R_ONE, "fail", FAIL), api: api.act(A_ONE, "fail", FAIL) },
  "updateSession.keepAlive": {
    rest: rest.act(R_ONE, "keep-alive", KEEP_ALIVE),
    api: api.act(A_ONE, "keep-alive", KEEP_ALIVE),
  },
} as const satisfies Readonly<Record<string, OperationBindings>>;
