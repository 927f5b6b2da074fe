import type { OperationOutput as Out } from "@contentlib/contract";

/** Which of the two HTTP forms of the API. */
export type FormName = "rest" | "api";

/** A call of the API, spelt for one form. `Output` is what its success answers; nothing of it exists at run time. */
export interface Asking<Output> {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** The status of success. */
  readonly status: number;
  readonly answer?: Output;
}

type Spec = Readonly<Record<string, unknown>>;
type Id = string;

/** Every call the tests make. Both forms have all of them; only spelling and status differ. */
export interface Form {
  readonly name: FormName;
  login(): Asking<string>;
  getLogin(): Asking<Out<"login.get">>;
  logout(): Asking<void>;
  createLibrary(spec: Spec, token?: string): Asking<string>;
  listLibraries(): Asking<string[]>;
  getLibrary(id: Id): Asking<Out<"library.get">>;
  updateLocalLibrary(id: Id, spec: Spec): Asking<void>;
  deleteLibrary(id: Id): Asking<void>;
  findLibraries(spec: Spec): Asking<string[]>;
  createItem(spec: Spec, token?: string): Asking<string>;
  listItems(libraryId: Id): Asking<string[]>;
  findItems(spec: Spec): Asking<string[]>;
  getItem(id: Id): Asking<Out<"item.get">>;
  updateItem(id: Id, spec: Spec): Asking<void>;
  deleteItem(id: Id): Asking<void>;
  listItemFiles(id: Id): Asking<Out<"itemFile.list">>;
  getItemFile(id: Id, name: string): Asking<Out<"itemFile.get">>;
  listStorage(id: Id): Asking<Out<"itemStorage.list">>;
  getStorage(id: Id, name: string): Asking<Out<"itemStorage.get">>;
  createSession(spec: Spec, token?: string): Asking<string>;
  listSessions(itemId?: Id): Asking<string[]>;
  getSession(id: Id): Asking<Out<"updateSession.get">>;
  updateSession(id: Id, spec: Spec): Asking<void>;
  deleteSession(id: Id): Asking<void>;
  cancelSession(id: Id): Asking<void>;
  completeSession(id: Id): Asking<void>;
  failSession(id: Id, message?: string): Asking<void>;
  keepAlive(id: Id, members?: Spec): Asking<void>;
  addFile(id: Id, spec: Spec): Asking<Out<"updateSessionFile.add">>;
  listFiles(id: Id): Asking<Out<"updateSessionFile.list">>;
  getFile(id: Id, name: string): Asking<Out<"updateSessionFile.get">>;
  removeFile(id: Id, name: string): Asking<void>;
  validate(id: Id): Asking<Out<"updateSessionFile.validate">>;
  createDownload(spec: Spec, token?: string): Asking<string>;
  listDownloads(itemId?: Id): Asking<string[]>;
  getDownload(id: Id): Asking<Out<"downloadSession.get">>;
  deleteDownload(id: Id): Asking<void>;
  cancelDownload(id: Id): Asking<void>;
  failDownload(id: Id, message?: string): Asking<void>;
  keepDownloadAlive(id: Id, members?: Spec): Asking<void>;
  listDownloadFiles(id: Id): Asking<Out<"downloadSessionFile.list">>;
  getDownloadFile(id: Id, name: string): Asking<Out<"downloadSessionFile.get">>;
  prepare(id: Id, name: string, type?: string): Asking<Out<"downloadSessionFile.prepare">>;
}

const R = "/rest/com/vmware/content";
const A = "/api/content";
const UPDATE_FILE = `${R}/library/item/updatesession/file`;
const DOWNLOAD_FILE = `${R}/library/item/downloadsession/file`;
const get = (path: string) => ({ method: "GET", path, status: 200 }) as const;
const ok = (method: string, path: string, body?: unknown) => ({ method, path, body, status: 200 });
const made = (path: string, body: unknown) => ({ method: "POST", path, body, status: 201 });
const none = (method: string, path: string, body?: unknown) => ({
  method,
  path,
  body,
  status: 204,
});
const query = (name: string, value: string | undefined): string =>
  value === undefined ? "" : `?${name}=${encodeURIComponent(value)}`;
const failing = (text: string | undefined): unknown =>
  text === undefined ? undefined : { client_error_message: text };
const withToken = (wrapper: string, spec: Spec, token: string | undefined): Spec => ({
  ...(token === undefined ? {} : { client_token: token }),
  [wrapper]: spec,
});

export const rest: Form = {
  name: "rest",
  login: () => ok("POST", "/rest/com/vmware/cis/session"),
  getLogin: () => ok("POST", "/rest/com/vmware/cis/session?~action=get"),
  logout: () => ok("DELETE", "/rest/com/vmware/cis/session"),
  createLibrary: (spec, token) =>
    ok("POST", `${R}/local-library`, withToken("create_spec", spec, token)),
  listLibraries: () => get(`${R}/library`),
  getLibrary: (id) => get(`${R}/library/id:${id}`),
  updateLocalLibrary: (id, spec) =>
    ok("PATCH", `${R}/local-library/id:${id}`, { update_spec: spec }),
  deleteLibrary: (id) => ok("DELETE", `${R}/local-library/id:${id}`),
  findLibraries: (spec) => ok("POST", `${R}/library?~action=find`, { spec }),
  createItem: (spec, token) =>
    ok("POST", `${R}/library/item`, withToken("create_spec", spec, token)),
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

const ITEM = `${A}/library/item`;
const part = encodeURIComponent;

export const api: Form = {
  name: "api",
  login: () => made("/api/session", undefined),
  getLogin: () => get("/api/session"),
  logout: () => none("DELETE", "/api/session"),
  createLibrary: (spec, token) => made(`${A}/local-library${query("client_token", token)}`, spec),
  listLibraries: () => get(`${A}/library`),
  getLibrary: (id) => get(`${A}/library/${id}`),
  updateLocalLibrary: (id, spec) => none("PATCH", `${A}/local-library/${id}`, spec),
  deleteLibrary: (id) => none("DELETE", `${A}/local-library/${id}`),
  findLibraries: (spec) => ok("POST", `${A}/library?action=find`, spec),
  createItem: (spec, token) => made(`${ITEM}${query("client_token", token)}`, spec),
  listItems: (id) => get(`${ITEM}${query("library_id", id)}`),
  findItems: (spec) => ok("POST", `${ITEM}?action=find`, spec),
  getItem: (id) => get(`${ITEM}/${id}`),
  updateItem: (id, spec) => none("PATCH", `${ITEM}/${id}`, spec),
  deleteItem: (id) => none("DELETE", `${ITEM}/${id}`),
  listItemFiles: (id) => get(`${ITEM}/${id}/file`),
  getItemFile: (id, name) => get(`${ITEM}/${id}/file${query("name", name)}`),
  listStorage: (id) => get(`${ITEM}/${id}/storage`),
  getStorage: (id, name) => get(`${ITEM}/${id}/storage${query("file_name", name)}`),
  createSession: (spec, token) =>
    made(`${ITEM}/update-session${query("client_token", token)}`, spec),
  listSessions: (id) => get(`${ITEM}/update-session${query("library_item_id", id)}`),
  getSession: (id) => get(`${ITEM}/update-session/${id}`),
  updateSession: (id, spec) => none("PATCH", `${ITEM}/update-session/${id}`, spec),
  deleteSession: (id) => none("DELETE", `${ITEM}/update-session/${id}`),
  cancelSession: (id) => none("POST", `${ITEM}/update-session/${id}?action=cancel`),
  completeSession: (id) => none("POST", `${ITEM}/update-session/${id}?action=complete`),
  failSession: (id, text) =>
    none("POST", `${ITEM}/update-session/${id}?action=fail`, failing(text)),
  keepAlive: (id, members) =>
    none("POST", `${ITEM}/update-session/${id}?action=keep-alive`, members),
  addFile: (id, spec) => made(`${ITEM}/update-session/${id}/file`, spec),
  listFiles: (id) => get(`${ITEM}/update-session/${id}/file`),
  getFile: (id, name) => get(`${ITEM}/update-session/${id}/file/${part(name)}`),
  removeFile: (id, name) => none("DELETE", `${ITEM}/update-session/${id}/file/${part(name)}`),
  validate: (id) => ok("POST", `${ITEM}/update-session/${id}/file?action=validate`),
  createDownload: (spec, token) =>
    made(`${ITEM}/download-session${query("client_token", token)}`, spec),
  listDownloads: (id) => get(`${ITEM}/download-session${query("library_item_id", id)}`),
  getDownload: (id) => get(`${ITEM}/download-session/${id}`),
  deleteDownload: (id) => none("DELETE", `${ITEM}/download-session/${id}`),
  cancelDownload: (id) => none("POST", `${ITEM}/download-session/${id}?action=cancel`),
  failDownload: (id, text) =>
    none("POST", `${ITEM}/download-session/${id}?action=fail`, failing(text)),
  keepDownloadAlive: (id, members) =>
    none("POST", `${ITEM}/download-session/${id}?action=keep-alive`, members),
  listDownloadFiles: (id) => get(`${ITEM}/download-session/${id}/file`),
  getDownloadFile: (id, name) =>
    get(`${ITEM}/download-session/${id}/file${query("file_name", name)}`),
  prepare: (id, file_name, type) =>
    ok("POST", `${ITEM}/download-session/${id}/file?action=prepare`, {
      file_name,
      ...(type === undefined ? {} : { endpoint_type: type }),
    }),
};

export const FORMS: readonly Form[] = [rest, api];
