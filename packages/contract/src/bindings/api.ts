import type { OperationId } from "../vocabulary/operation-ids.ts";
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

const SESSION = "/api/session";
const LIBRARY = "/api/content/library";
const LOCAL = "/api/content/local-library";
const ITEM = `${LIBRARY}/item`;
const UPDATE = `${ITEM}/update-session`;
const UPDATE_FILE = `${UPDATE}/{update_session_id}/file`;
const OLD_UPDATE_FILE = `${ITEM}/updatesession/file`;
const DOWNLOAD = `${ITEM}/download-session`;
const DOWNLOAD_FILE = `${DOWNLOAD}/{download_session_id}/file`;

const NONE = { kind: "none" } as const satisfies Body;
const NO_MEMBERS = { kind: "members", names: [] } as const satisfies Body;
const FILE_NAME = { kind: "members", names: ["file_name"] } as const satisfies Body;
const CREATE = { kind: "bare", name: "create_spec" } as const satisfies Body;
const CHANGE = { kind: "bare", name: "update_spec" } as const satisfies Body;
const ADD = { kind: "bare", name: "file_spec" } as const satisfies Body;
const FIND = { kind: "bare", name: "spec" } as const satisfies Body;
const FAIL = {
  kind: "members",
  names: ["client_error_message"],
  required: ["client_error_message"],
} as const satisfies Body;

const get = (path: string) => ({ verb: "GET", path, body: NONE, status: 200 }) as const;
const getBy = (path: string, marker: string) =>
  ({ ...get(path), query: [marker], marker }) as const;
const remove = (path: string) => ({ verb: "DELETE", path, body: NONE, status: 204 }) as const;
const post = (path: string, body: Body) => ({ verb: "POST", path, body }) as const;
const act = (path: string, action: string, body: Body) =>
  ({ ...post(path, body), action, status: 204 }) as const;
const ask = (path: string, action: string, body: Body) =>
  ({ ...post(path, body), action, status: 200 }) as const;

const create = (path: string) => {
  const address = { ...post(path, CREATE), query: ["client_token"] } as const;
  return { ...address, status: 201, aliases: [{ ...address, action: "create" }] } as const;
};

const update = (path: string) =>
  ({
    verb: "PATCH",
    path,
    body: CHANGE,
    status: 204,
    aliases: [{ ...post(path, CHANGE), action: "update", tolerance: "updateByPost" }],
  }) as const;

/** The address that carries over from /rest: one path for all sessions, the session in the query. */
const oldFileAct = (action: string, body: Body): Alias => ({
  ...post(OLD_UPDATE_FILE, body),
  action,
  query: ["update_session_id"],
  tolerance: "filePath",
});

/** How every operation travels on /api. */
export const API = {
  "login.create": { ...post(SESSION, NONE), status: 201 },
  "login.get": get(SESSION),
  "login.delete": remove(SESSION),
  "library.list": get(LIBRARY),
  "library.get": get(`${LIBRARY}/{library_id}`),
  "library.update": update(`${LIBRARY}/{library_id}`),
  "library.find": ask(LIBRARY, "find", FIND),
  "localLibrary.create": create(LOCAL),
  "localLibrary.list": get(LOCAL),
  "localLibrary.get": get(`${LOCAL}/{library_id}`),
  "localLibrary.update": update(`${LOCAL}/{library_id}`),
  "localLibrary.delete": {
    ...remove(`${LOCAL}/{library_id}`),
    aliases: [
      { ...remove(`${LOCAL}/{library_id}`), action: "force-delete" },
      { ...post(`${LOCAL}/{library_id}`, NO_MEMBERS), action: "force-delete" },
    ],
  },
  "item.create": create(ITEM),
  "item.get": get(`${ITEM}/{library_item_id}`),
  "item.update": update(`${ITEM}/{library_item_id}`),
  "item.delete": remove(`${ITEM}/{library_item_id}`),
  "item.list": { ...get(ITEM), query: ["library_id"] },
  "item.find": ask(ITEM, "find", FIND),
  "itemFile.list": get(`${ITEM}/{library_item_id}/file`),
  "itemFile.get": getBy(`${ITEM}/{library_item_id}/file`, "name"),
  "itemStorage.list": get(`${ITEM}/{library_item_id}/storage`),
  "itemStorage.get": getBy(`${ITEM}/{library_item_id}/storage`, "file_name"),
  "updateSession.create": create(UPDATE),
  "updateSession.list": { ...get(UPDATE), query: ["library_item_id"] },
  "updateSession.get": get(`${UPDATE}/{update_session_id}`),
  "updateSession.update": update(`${UPDATE}/{update_session_id}`),
  "updateSession.delete": remove(`${UPDATE}/{update_session_id}`),
  "updateSession.cancel": act(`${UPDATE}/{update_session_id}`, "cancel", NO_MEMBERS),
  "updateSession.complete": act(`${UPDATE}/{update_session_id}`, "complete", NO_MEMBERS),
  "updateSession.fail": act(`${UPDATE}/{update_session_id}`, "fail", FAIL),
  "updateSession.keepAlive": act(`${UPDATE}/{update_session_id}`, "keep-alive", {
    kind: "members",
    names: ["client_progress"],
  }),
  "updateSessionFile.add": {
    ...post(UPDATE_FILE, ADD),
    status: 201,
    aliases: [{ ...post(UPDATE_FILE, ADD), action: "add" }, oldFileAct("add", ADD)],
  },
  "updateSessionFile.list": {
    ...get(UPDATE_FILE),
    aliases: [{ ...get(OLD_UPDATE_FILE), query: ["update_session_id"], tolerance: "filePath" }],
  },
  "updateSessionFile.get": {
    ...get(`${UPDATE_FILE}/{file_name}`),
    aliases: [oldFileAct("get", FILE_NAME)],
  },
  "updateSessionFile.remove": {
    ...remove(`${UPDATE_FILE}/{file_name}`),
    aliases: [oldFileAct("remove", FILE_NAME)],
  },
  "updateSessionFile.validate": {
    ...ask(UPDATE_FILE, "validate", NO_MEMBERS),
    aliases: [oldFileAct("validate", NO_MEMBERS)],
  },
  "downloadSession.create": create(DOWNLOAD),
  "downloadSession.list": { ...get(DOWNLOAD), query: ["library_item_id"] },
  "downloadSession.get": get(`${DOWNLOAD}/{download_session_id}`),
  "downloadSession.delete": remove(`${DOWNLOAD}/{download_session_id}`),
  "downloadSession.cancel": act(`${DOWNLOAD}/{download_session_id}`, "cancel", NO_MEMBERS),
  "downloadSession.fail": act(`${DOWNLOAD}/{download_session_id}`, "fail", FAIL),
  "downloadSession.keepAlive": act(`${DOWNLOAD}/{download_session_id}`, "keep-alive", {
    kind: "members",
    names: ["progress"],
  }),
  "downloadSessionFile.list": get(DOWNLOAD_FILE),
  "downloadSessionFile.prepare": ask(DOWNLOAD_FILE, "prepare", {
    kind: "members",
    names: ["file_name", "endpoint_type"],
  }),
  "downloadSessionFile.get": getBy(DOWNLOAD_FILE, "file_name"),
} as const satisfies Readonly<Record<OperationId, Binding>>;
