import type { OperationId } from "../vocabulary/operation-ids.ts";
import type { Binding, Body } from "./binding.ts";

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

const CIS = "/rest/com/vmware/cis/session";
const LIBRARY = "/rest/com/vmware/content/library";
const LOCAL = "/rest/com/vmware/content/local-library";
const ITEM = `${LIBRARY}/item`;
const UPDATE = `${ITEM}/update-session`;
const UPDATE_FILE = `${ITEM}/updatesession/file`;
const DOWNLOAD = `${ITEM}/download-session`;
const DOWNLOAD_FILE = `${ITEM}/downloadsession/file`;

const LIBRARY_ID = "id:{library_id}";
const ITEM_ID = "id:{library_item_id}";
const UPDATE_ID = "id:{update_session_id}";
const DOWNLOAD_ID = "id:{download_session_id}";

const NONE = { kind: "none" } as const satisfies Body;
const NO_MEMBERS = { kind: "members", names: [] } as const satisfies Body;
const FILE_NAME = { kind: "members", names: ["file_name"] } as const satisfies Body;
const CREATE = {
  kind: "wrapped",
  name: "create_spec",
  beside: ["client_token"],
} as const satisfies Body;
const CHANGE = { kind: "wrapped", name: "update_spec", beside: [] } as const satisfies Body;
const ADD = { kind: "wrapped", name: "file_spec", beside: [] } as const satisfies Body;
const FIND = { kind: "wrapped", name: "spec", beside: [] } as const satisfies Body;
const FAIL = {
  kind: "members",
  names: ["client_error_message"],
  required: ["client_error_message"],
} as const satisfies Body;

const get = (path: string) => ({ verb: "GET", path, body: NONE, status: 200 }) as const;
const remove = (path: string) => ({ verb: "DELETE", path, body: NONE, status: 200 }) as const;
const post = (path: string, body: Body) => ({ verb: "POST", path, body, status: 200 }) as const;
const act = (path: string, action: string, body: Body) =>
  ({ ...post(path, body), action }) as const;

const create = (path: string) => {
  const address = post(path, CREATE);
  return { ...address, aliases: [{ ...address, action: "create" }] } as const;
};

const update = (path: string) =>
  ({
    verb: "PATCH",
    path,
    body: CHANGE,
    status: 200,
    aliases: [{ ...act(path, "update", CHANGE), tolerance: "updateByPost" }],
  }) as const;

/** A call on the files of an update session, served under the session's own path as well. */
const fileAct = (action: string, body: Body) =>
  ({
    ...act(`${UPDATE_FILE}/${UPDATE_ID}`, action, body),
    aliases: [{ ...act(`${UPDATE}/${UPDATE_ID}/file`, action, body), tolerance: "filePath" }],
  }) as const;

/** How every operation travels on /rest. */
export const REST = {
  "login.create": post(CIS, NONE),
  "login.get": { ...act(CIS, "get", NONE), aliases: [get(CIS)] },
  "login.delete": remove(CIS),
  "library.list": get(LIBRARY),
  "library.get": get(`${LIBRARY}/${LIBRARY_ID}`),
  "library.update": update(`${LIBRARY}/${LIBRARY_ID}`),
  "library.find": act(LIBRARY, "find", FIND),
  "localLibrary.create": create(LOCAL),
  "localLibrary.list": get(LOCAL),
  "localLibrary.get": get(`${LOCAL}/${LIBRARY_ID}`),
  "localLibrary.update": update(`${LOCAL}/${LIBRARY_ID}`),
  "localLibrary.delete": {
    ...remove(`${LOCAL}/${LIBRARY_ID}`),
    aliases: [
      { ...remove(`${LOCAL}/${LIBRARY_ID}`), action: "force-delete" },
      act(`${LOCAL}/${LIBRARY_ID}`, "force-delete", NO_MEMBERS),
    ],
  },
  "item.create": create(ITEM),
  "item.get": get(`${ITEM}/${ITEM_ID}`),
  "item.update": update(`${ITEM}/${ITEM_ID}`),
  "item.delete": remove(`${ITEM}/${ITEM_ID}`),
  "item.list": { ...get(ITEM), query: ["library_id"] },
  "item.find": act(ITEM, "find", FIND),
  "itemFile.list": { ...get(`${ITEM}/file`), query: ["library_item_id"] },
  "itemFile.get": act(`${ITEM}/file/${ITEM_ID}`, "get", { kind: "members", names: ["name"] }),
  "itemStorage.list": { ...get(`${ITEM}/storage`), query: ["library_item_id"] },
  "itemStorage.get": act(`${ITEM}/storage/${ITEM_ID}`, "get", FILE_NAME),
  "updateSession.create": create(UPDATE),
  "updateSession.list": { ...get(UPDATE), query: ["library_item_id"] },
  "updateSession.get": get(`${UPDATE}/${UPDATE_ID}`),
  "updateSession.update": update(`${UPDATE}/${UPDATE_ID}`),
  "updateSession.delete": remove(`${UPDATE}/${UPDATE_ID}`),
  "updateSession.cancel": act(`${UPDATE}/${UPDATE_ID}`, "cancel", NO_MEMBERS),
  "updateSession.complete": act(`${UPDATE}/${UPDATE_ID}`, "complete", NO_MEMBERS),
  "updateSession.fail": act(`${UPDATE}/${UPDATE_ID}`, "fail", FAIL),
  "updateSession.keepAlive": act(`${UPDATE}/${UPDATE_ID}`, "keep-alive", {
    kind: "members",
    names: ["client_progress"],
  }),
  "updateSessionFile.add": fileAct("add", ADD),
  "updateSessionFile.list": {
    ...get(UPDATE_FILE),
    query: ["update_session_id"],
    aliases: [{ ...get(`${UPDATE}/${UPDATE_ID}/file`), tolerance: "filePath" }],
  },
  "updateSessionFile.get": fileAct("get", FILE_NAME),
  "updateSessionFile.remove": fileAct("remove", FILE_NAME),
  "updateSessionFile.validate": fileAct("validate", NO_MEMBERS),
  "downloadSession.create": create(DOWNLOAD),
  "downloadSession.list": { ...get(DOWNLOAD), query: ["library_item_id"] },
  "downloadSession.get": get(`${DOWNLOAD}/${DOWNLOAD_ID}`),
  "downloadSession.delete": remove(`${DOWNLOAD}/${DOWNLOAD_ID}`),
  "downloadSession.cancel": act(`${DOWNLOAD}/${DOWNLOAD_ID}`, "cancel", NO_MEMBERS),
  "downloadSession.fail": act(`${DOWNLOAD}/${DOWNLOAD_ID}`, "fail", FAIL),
  "downloadSession.keepAlive": act(`${DOWNLOAD}/${DOWNLOAD_ID}`, "keep-alive", {
    kind: "members",
    names: ["progress"],
  }),
  "downloadSessionFile.list": { ...get(DOWNLOAD_FILE), query: ["download_session_id"] },
  "downloadSessionFile.prepare": act(`${DOWNLOAD_FILE}/${DOWNLOAD_ID}`, "prepare", {
    kind: "members",
    names: ["file_name", "endpoint_type"],
  }),
  "downloadSessionFile.get": act(`${DOWNLOAD_FILE}/${DOWNLOAD_ID}`, "get", FILE_NAME),
} as const satisfies Readonly<Record<OperationId, Binding>>;
