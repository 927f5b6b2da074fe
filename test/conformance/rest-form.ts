import type { Form } from "./form.ts";
import { failing, get, ok, query, withToken } from "./http-asking.ts";

const R = "/rest/com/vmware/content";
const UPDATE_FILE = `${R}/library/item/updatesession/file`;
const DOWNLOAD_FILE = `${R}/library/item/downloadsession/file`;

export const rest: Form = {
  name: "rest",
  younger: null,
  login: () => ok("POST", "/rest/com/vmware/cis/session"),
  getLogin: () => ok("POST", "/rest/com/vmware/cis/session?~action=get"),
  logout: () => ok("DELETE", "/rest/com/vmware/cis/session"),
  createLibrary: (spec, token) =>
    ok("POST", `${R}/local-library`, withToken("create_spec", spec, token)),
  listLibraries: () => get(`${R}/library`),
  listLocal: () => get(`${R}/local-library`),
  getLibrary: (id) => get(`${R}/library/id:${id}`),
  updateLibrary: (id, spec) => ok("PATCH", `${R}/library/id:${id}`, { update_spec: spec }),
  updateLocalLibrary: (id, spec) =>
    ok("PATCH", `${R}/local-library/id:${id}`, { update_spec: spec }),
  deleteLibrary: (id) => ok("DELETE", `${R}/local-library/id:${id}`),
  findLibraries: (spec) => ok("POST", `${R}/library?~action=find`, { spec }),
  listTypes: () => get(`${R}/type`),
  getConfiguration: () => ok("POST", `${R}/configuration?~action=get`),
  updateConfiguration: (model) => ok("PATCH", `${R}/configuration`, { model }),
  createItem: (spec, token) =>
    ok("POST", `${R}/library/item`, withToken("create_spec", spec, token)),
  copyItem: (id, spec, token) =>
    ok(
      "POST",
      `${R}/library/item/id:${id}?~action=copy`,
      withToken("destination_create_spec", spec, token),
    ),
  listItems: (id) => get(`${R}/library/item${query("library_id", id)}`),
  findItems: (spec) => ok("POST", `${R}/library/item?~action=find`, { spec }),
  getItem: (id) => get(`${R}/library/item/id:${id}`),
  updateItem: (id, spec) => ok("PATCH", `${R}/library/item/id:${id}`, { update_spec: spec }),
  deleteItem: (id) => ok("DELETE", `${R}/library/item/id:${id}`),
  listItemFiles: (id) => get(`${R}/library/item/file${query("library_item_id", id)}`),
  getItemFile: (id, name) => ok("POST", `${R}/library/item/file/id:${id}?~action=get`, { name }),
  listStorage: (id) => get(`${R}/library/item/storage${query("library_item_id", id)}`),
  getStorage: (id, file_name) =>
    ok("POST", `${R}/library/item/storage/id:${id}?~action=get`, { file_name }),
  listChanges: (id) => get(`/rest/content/library/item/${id}/changes`),
  getChange: (id, version) => get(`/rest/content/library/item/${id}/changes/${version}`),
  createSession: (spec, token) =>
    ok("POST", `${R}/library/item/update-session`, withToken("create_spec", spec, token)),
  listSessions: (id) => get(`${R}/library/item/update-session${query("library_item_id", id)}`),
  getSession: (id) => get(`${R}/library/item/update-session/id:${id}`),
  updateSession: (id, spec) =>
    ok("PATCH", `${R}/library/item/update-session/id:${id}`, { update_spec: spec }),
  deleteSession: (id) => ok("DELETE", `${R}/library/item/update-session/id:${id}`),
  cancelSession: (id) => ok("POST", `${R}/library/item/update-session/id:${id}?~action=cancel`),
  completeSession: (id) => ok("POST", `${R}/library/item/update-session/id:${id}?~action=complete`),
  failSession: (id, text) =>
    ok("POST", `${R}/library/item/update-session/id:${id}?~action=fail`, failing(text)),
  keepAlive: (id, members) =>
    ok("POST", `${R}/library/item/update-session/id:${id}?~action=keep-alive`, members),
  addFile: (id, spec) => ok("POST", `${UPDATE_FILE}/id:${id}?~action=add`, { file_spec: spec }),
  listFiles: (id) => get(`${UPDATE_FILE}${query("update_session_id", id)}`),
  getFile: (id, file_name) => ok("POST", `${UPDATE_FILE}/id:${id}?~action=get`, { file_name }),
  removeFile: (id, file_name) =>
    ok("POST", `${UPDATE_FILE}/id:${id}?~action=remove`, { file_name }),
  validate: (id) => ok("POST", `${UPDATE_FILE}/id:${id}?~action=validate`),
  probeFile: (source_endpoint) => ok("POST", `${UPDATE_FILE}?~action=probe`, { source_endpoint }),
  createDownload: (spec, token) =>
    ok("POST", `${R}/library/item/download-session`, withToken("create_spec", spec, token)),
  listDownloads: (id) => get(`${R}/library/item/download-session${query("library_item_id", id)}`),
  getDownload: (id) => get(`${R}/library/item/download-session/id:${id}`),
  deleteDownload: (id) => ok("DELETE", `${R}/library/item/download-session/id:${id}`),
  cancelDownload: (id) => ok("POST", `${R}/library/item/download-session/id:${id}?~action=cancel`),
  failDownload: (id, text) =>
    ok("POST", `${R}/library/item/download-session/id:${id}?~action=fail`, failing(text)),
  keepDownloadAlive: (id, members) =>
    ok("POST", `${R}/library/item/download-session/id:${id}?~action=keep-alive`, members),
  listDownloadFiles: (id) => get(`${DOWNLOAD_FILE}${query("download_session_id", id)}`),
  getDownloadFile: (id, file_name) =>
    ok("POST", `${DOWNLOAD_FILE}/id:${id}?~action=get`, { file_name }),
  prepare: (id, file_name, type) =>
    ok("POST", `${DOWNLOAD_FILE}/id:${id}?~action=prepare`, {
      file_name,
      ...(type === undefined ? {} : { endpoint_type: type }),
    }),
};
