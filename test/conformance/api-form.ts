import type { Form } from "./form.ts";
import { failing, get, made, none, ok, query } from "./http-asking.ts";

const A = "/api/content";
const ITEM = `${A}/library/item`;
const part = encodeURIComponent;

export const api: Form = {
  name: "api",
  younger: {
    deleteAnyLibrary: (id) => none("DELETE", `${A}/library/${id}`),
    listPolicies: () => get(`${A}/security-policies`),
    addCertificate: (cert_text) => made(`${A}/trusted-certificates`, { cert_text }),
    listCertificates: () => get(`${A}/trusted-certificates`),
    getCertificate: (id) => get(`${A}/trusted-certificates/${id}`),
    deleteCertificate: (id) => none("DELETE", `${A}/trusted-certificates/${id}`),
  },
  login: () => made("/api/session", undefined),
  getLogin: () => get("/api/session"),
  logout: () => none("DELETE", "/api/session"),
  createLibrary: (spec, token) => made(`${A}/local-library${query("client_token", token)}`, spec),
  listLibraries: () => get(`${A}/library`),
  listLocal: () => get(`${A}/local-library`),
  getLibrary: (id) => get(`${A}/library/${id}`),
  updateLibrary: (id, spec) => none("PATCH", `${A}/library/${id}`, spec),
  updateLocalLibrary: (id, spec) => none("PATCH", `${A}/local-library/${id}`, spec),
  deleteLibrary: (id) => none("DELETE", `${A}/local-library/${id}`),
  findLibraries: (spec) => ok("POST", `${A}/library?action=find`, spec),
  listTypes: () => get(`${A}/type`),
  getConfiguration: () => get(`${A}/configuration`),
  updateConfiguration: (model) => none("PATCH", `${A}/configuration`, model),
  createItem: (spec, token) => made(`${ITEM}${query("client_token", token)}`, spec),
  copyItem: (id, spec, token) =>
    ok(
      "POST",
      `${ITEM}/${id}?action=copy${token === undefined ? "" : `&client_token=${part(token)}`}`,
      spec,
    ),
  listItems: (id) => get(`${ITEM}${query("library_id", id)}`),
  findItems: (spec) => ok("POST", `${ITEM}?action=find`, spec),
  getItem: (id) => get(`${ITEM}/${id}`),
  updateItem: (id, spec) => none("PATCH", `${ITEM}/${id}`, spec),
  deleteItem: (id) => none("DELETE", `${ITEM}/${id}`),
  listItemFiles: (id) => get(`${ITEM}/${id}/file`),
  getItemFile: (id, name) => get(`${ITEM}/${id}/file${query("name", name)}`),
  listStorage: (id) => get(`${ITEM}/${id}/storage`),
  getStorage: (id, name) => get(`${ITEM}/${id}/storage${query("file_name", name)}`),
  listChanges: (id) => get(`${ITEM}/${id}/changes`),
  getChange: (id, version) => get(`${ITEM}/${id}/changes/${version}`),
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
  probeFile: (source_endpoint) =>
    ok("POST", `${ITEM}/update-session/file?action=probe`, { source_endpoint }),
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
