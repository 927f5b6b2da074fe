import { api } from "../api.ts";
import { members, membersRequired, type OperationBindings } from "../binding.ts";
import { rest } from "../rest.ts";

const R = `${rest.CONTENT}/library/item/download-session`;
const A = `${api.CONTENT}/library/item/download-session`;
const R_ONE = `${R}/id:{download_session_id}`;
const A_ONE = `${A}/{download_session_id}`;
const FAIL = membersRequired("client_error_message");
const KEEP_ALIVE = members("progress");

/** How the operations on download sessions travel. */
export const DOWNLOAD_SESSION_BINDINGS = {
  "downloadSession.create": { rest: rest.create(R), api: api.create(A) },
  "downloadSession.list": {
    rest: rest.get(R, "library_item_id"),
    api: api.get(A, "library_item_id"),
  },
  "downloadSession.get": { rest: rest.get(R_ONE), api: api.get(A_ONE) },
  "downloadSession.delete": { rest: rest.remove(R_ONE), api: api.remove(A_ONE) },
  "downloadSession.cancel": {
    rest: rest.act(R_ONE, "cancel", members()),
    api: api.act(A_ONE, "cancel", members()),
  },
  "downloadSession.fail": {
    rest: rest.act(R_ONE, "fail", FAIL),
    api: api.act(A_ONE, "fail", FAIL),
  },
  "downloadSession.keepAlive": {
    rest: rest.act(R_ONE, "keep-alive", KEEP_ALIVE),
    api: api.act(A_ONE, "keep-alive", KEEP_ALIVE),
  },
} as const satisfies Readonly<Record<string, OperationBindings>>;
