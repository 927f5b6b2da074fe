import { api } from "../api.ts";
import {
  members,
  type Alias,
  type Binding,
  type Body,
  type OperationBindings,
} from "../binding.ts";
import { rest } from "../rest.ts";

const R = `${rest.CONTENT}/library/item/updatesession/file`;
const R_SESSION = `${rest.CONTENT}/library/item/update-session/id:{update_session_id}/file`;
const A = `${api.CONTENT}/library/item/update-session/{update_session_id}/file`;
const A_OLD = `${api.CONTENT}/library/item/updatesession/file`;
const FILE_NAME = members("file_name");

/** On /rest the files of a session are served under the session's own path as well. */
const restAct = (action: string, body: Body): Binding =>
  rest.also(rest.act(`${R}/id:{update_session_id}`, action, body), {
    ...rest.act(R_SESSION, action, body),
    tolerance: "filePath",
  });

/** On /api the address that carries over from /rest is served too: one path for all sessions, the session in the query. */
const oldAct = (action: string, body: Body): Alias => ({
  ...api.post(A_OLD, body),
  action,
  query: ["update_session_id"],
  tolerance: "filePath",
});

const ADD = api.bare("file_spec");
const A_PROBE = `${api.CONTENT}/library/item/update-session/file`;
const PROBE = members("source_endpoint");

/** How the operations on the files of an update session travel. */
export const UPDATE_SESSION_FILE_BINDINGS = {
  "updateSessionFile.add": {
    rest: restAct("add", rest.wrapped("file_spec")),
    api: {
      ...api.post(A, ADD),
      status: 201,
      aliases: [{ ...api.post(A, ADD), action: "add" }, oldAct("add", ADD)],
    },
  },
  "updateSessionFile.list": {
    rest: rest.also(rest.get(R, "update_session_id"), {
      ...rest.get(R_SESSION),
      tolerance: "filePath",
    }),
    api: api.also(api.get(A), { ...api.get(A_OLD, "update_session_id"), tolerance: "filePath" }),
  },
  "updateSessionFile.get": {
    rest: restAct("get", FILE_NAME),
    api: api.also(api.get(`${A}/{file_name}`), oldAct("get", FILE_NAME)),
  },
  "updateSessionFile.remove": {
    rest: restAct("remove", FILE_NAME),
    api: api.also(api.remove(`${A}/{file_name}`), oldAct("remove", FILE_NAME)),
  },
  "updateSessionFile.validate": {
    rest: restAct("validate", members()),
    api: api.also(api.ask(A, "validate", members()), oldAct("validate", members())),
  },
  "updateSessionFile.probe": {
    rest: rest.act(R, "probe", PROBE),
    api: api.also(api.ask(A_PROBE, "probe", PROBE), {
      ...api.post(A_OLD, PROBE),
      action: "probe",
      tolerance: "filePath",
    }),
  },
} as const satisfies Readonly<Record<string, OperationBindings>>;
