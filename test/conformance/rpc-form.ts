import type { Asking, Form, Spec } from "./form.ts";
import { wrapInput } from "./rpc-values.ts";

/**
 * A call, by service and operation without `com.vmware.`, and by its signature: the parameters, as members of a structure are
 * written, then an arrow and the type of the output.
 */
export function call<Output>(name: string, signature: string, input: Spec = {}): Asking<Output> {
  const [members = "", output = ""] = signature.split("->").map((part) => part.trim());
  const dot = name.lastIndexOf(".");
  return {
    method: "POST",
    path: "/api",
    body: wrapInput(members, input),
    status: 200,
    rpc: { service: `com.vmware.${name.slice(0, dot)}`, operation: name.slice(dot + 1), output },
  };
}

const LIBRARY = "content.library_model";
const ITEM = "content.library.item_model";
const UPDATE = "content.library.item.update_session_model";
const DOWNLOAD = "content.library.item.download_session_model";
const UPDATE_FILE = "content.library.item.updatesession.file";
const DOWNLOAD_FILE = "content.library.item.downloadsession.file";
const library = (operation: string) => `content.library.${operation}`;
const local = (operation: string) => `content.local_library.${operation}`;
const item = (operation: string) => `content.library.item.${operation}`;
const update = (operation: string) => `content.library.item.update_session.${operation}`;
const download = (operation: string) => `content.library.item.download_session.${operation}`;
const certificates = (operation: string) => `content.trusted_certificates.${operation}`;

const BY_LIBRARY = "library_id:text";
const BY_ITEM = "library_item_id:text";
const BY_UPDATE = "update_session_id:text";
const BY_DOWNLOAD = "download_session_id:text";
/** The text that clients send with a fail when they have nothing to say. */
const NO_REASON = "The client gave no reason.";

export const rpc: Form = {
  name: "rpc",
  younger: {
    deleteAnyLibrary: (library_id) =>
      call(library("delete"), `${BY_LIBRARY} -> nothing`, { library_id }),
    listPolicies: () =>
      call("content.security_policies.list", "-> [content.security_policies.info]"),
    addCertificate: (cert_text) =>
      call(certificates("create"), "spec:content.trusted_certificates.create_spec -> text", {
        spec: { cert_text },
      }),
    listCertificates: () =>
      call(certificates("list"), "-> content.trusted_certificates.list_result"),
    getCertificate: (certificate) =>
      call(certificates("get"), "certificate:text -> content.trusted_certificates.info", {
        certificate,
      }),
    deleteCertificate: (certificate) =>
      call(certificates("delete"), "certificate:text -> nothing", { certificate }),
  },
  login: () => call("cis.session.create", "-> secret"),
  getLogin: () => call("cis.session.get", "-> cis.session.info"),
  logout: () => call("cis.session.delete", "-> nothing"),
  createLibrary: (create_spec, client_token) =>
    call(local("create"), `client_token?:text create_spec:${LIBRARY} -> text`, {
      client_token,
      create_spec,
    }),
  listLocal: () => call(local("list"), "-> [text]"),
  listLibraries: () => call(library("list"), "-> [text]"),
  getLibrary: (library_id) => call(library("get"), `${BY_LIBRARY} -> ${LIBRARY}`, { library_id }),
  updateLibrary: (library_id, update_spec) =>
    call(library("update"), `${BY_LIBRARY} update_spec:${LIBRARY} -> nothing`, {
      library_id,
      update_spec,
    }),
  updateLocalLibrary: (library_id, update_spec) =>
    call(local("update"), `${BY_LIBRARY} update_spec:${LIBRARY} -> nothing`, {
      library_id,
      update_spec,
    }),
  deleteLibrary: (library_id) => call(local("delete"), `${BY_LIBRARY} -> nothing`, { library_id }),
  findLibraries: (spec) =>
    call(library("find"), "spec:content.library.find_spec -> [text]", { spec }),
  listTypes: () => call("content.type.list", "-> [content.type.info]"),
  getConfiguration: () => call("content.configuration.get", "-> content.configuration_model"),
  updateConfiguration: (model) =>
    call("content.configuration.update", "model:content.configuration_model -> nothing", { model }),
  createItem: (create_spec, client_token) =>
    call(item("create"), `client_token?:text create_spec:${ITEM} -> text`, {
      client_token,
      create_spec,
    }),
  copyItem: (source_library_item_id, destination_create_spec, client_token) =>
    call(
      item("copy"),
      `client_token?:text source_library_item_id:text destination_create_spec:${ITEM} -> text`,
      { client_token, source_library_item_id, destination_create_spec },
    ),
  listItems: (library_id) => call(item("list"), `${BY_LIBRARY} -> [text]`, { library_id }),
  findItems: (spec) =>
    call(item("find"), "spec:content.library.item.find_spec -> [text]", { spec }),
  getItem: (library_item_id) => call(item("get"), `${BY_ITEM} -> ${ITEM}`, { library_item_id }),
  updateItem: (library_item_id, update_spec) =>
    call(item("update"), `${BY_ITEM} update_spec:${ITEM} -> nothing`, {
      library_item_id,
      update_spec,
    }),
  deleteItem: (library_item_id) =>
    call(item("delete"), `${BY_ITEM} -> nothing`, { library_item_id }),
  listItemFiles: (library_item_id) =>
    call(item("file.list"), `${BY_ITEM} -> [content.library.item.file.info]`, { library_item_id }),
  getItemFile: (library_item_id, name) =>
    call(item("file.get"), `${BY_ITEM} name:text -> content.library.item.file.info`, {
      library_item_id,
      name,
    }),
  listStorage: (library_item_id) =>
    call(item("storage.list"), `${BY_ITEM} -> [content.library.item.storage.info]`, {
      library_item_id,
    }),
  getStorage: (library_item_id, file_name) =>
    call(item("storage.get"), `${BY_ITEM} file_name:text -> [content.library.item.storage.info]`, {
      library_item_id,
      file_name,
    }),
  listChanges: (library_item) =>
    call(item("changes.list"), "library_item:text -> [content.library.item.changes.summary]", {
      library_item,
    }),
  getChange: (library_item, version) =>
    call(
      item("changes.get"),
      "library_item:text version:text -> content.library.item.changes.info",
      { library_item, version },
    ),
  createSession: (create_spec, client_token) =>
    call(update("create"), `client_token?:text create_spec:${UPDATE} -> text`, {
      client_token,
      create_spec,
    }),
  listSessions: (library_item_id) =>
    call(update("list"), "library_item_id?:text -> [text]", { library_item_id }),
  getSession: (update_session_id) =>
    call(update("get"), `${BY_UPDATE} -> ${UPDATE}`, { update_session_id }),
  updateSession: (update_session_id, update_spec) =>
    call(update("update"), `${BY_UPDATE} update_spec:${UPDATE} -> nothing`, {
      update_session_id,
      update_spec,
    }),
  deleteSession: (update_session_id) =>
    call(update("delete"), `${BY_UPDATE} -> nothing`, { update_session_id }),
  cancelSession: (update_session_id) =>
    call(update("cancel"), `${BY_UPDATE} -> nothing`, { update_session_id }),
  completeSession: (update_session_id) =>
    call(update("complete"), `${BY_UPDATE} -> nothing`, { update_session_id }),
  failSession: (update_session_id, client_error_message = NO_REASON) =>
    call(update("fail"), `${BY_UPDATE} client_error_message:text -> nothing`, {
      update_session_id,
      client_error_message,
    }),
  keepAlive: (update_session_id, members) =>
    call(update("keep_alive"), `${BY_UPDATE} client_progress?:integer -> nothing`, {
      ...members,
      update_session_id,
    }),
  addFile: (update_session_id, file_spec) =>
    call(
      `${UPDATE_FILE}.add`,
      `${BY_UPDATE} file_spec:${UPDATE_FILE}.add_spec -> ${UPDATE_FILE}.info`,
      {
        update_session_id,
        file_spec,
      },
    ),
  listFiles: (update_session_id) =>
    call(`${UPDATE_FILE}.list`, `${BY_UPDATE} -> [${UPDATE_FILE}.info]`, { update_session_id }),
  getFile: (update_session_id, file_name) =>
    call(`${UPDATE_FILE}.get`, `${BY_UPDATE} file_name:text -> ${UPDATE_FILE}.info`, {
      update_session_id,
      file_name,
    }),
  removeFile: (update_session_id, file_name) =>
    call(`${UPDATE_FILE}.remove`, `${BY_UPDATE} file_name:text -> nothing`, {
      update_session_id,
      file_name,
    }),
  probeFile: (source_endpoint) =>
    call(
      `${UPDATE_FILE}.probe`,
      "source_endpoint:content.library.item.transfer_endpoint -> content.subscribed_library.probe_result",
      { source_endpoint },
    ),
  validate: (update_session_id) =>
    call(`${UPDATE_FILE}.validate`, `${BY_UPDATE} -> ${UPDATE_FILE}.validation_result`, {
      update_session_id,
    }),
  createDownload: (create_spec, client_token) =>
    call(download("create"), `client_token?:text create_spec:${DOWNLOAD} -> text`, {
      client_token,
      create_spec,
    }),
  listDownloads: (library_item_id) =>
    call(download("list"), "library_item_id?:text -> [text]", { library_item_id }),
  getDownload: (download_session_id) =>
    call(download("get"), `${BY_DOWNLOAD} -> ${DOWNLOAD}`, { download_session_id }),
  deleteDownload: (download_session_id) =>
    call(download("delete"), `${BY_DOWNLOAD} -> nothing`, { download_session_id }),
  cancelDownload: (download_session_id) =>
    call(download("cancel"), `${BY_DOWNLOAD} -> nothing`, { download_session_id }),
  failDownload: (download_session_id, client_error_message = NO_REASON) =>
    call(download("fail"), `${BY_DOWNLOAD} client_error_message:text -> nothing`, {
      download_session_id,
      client_error_message,
    }),
  keepDownloadAlive: (download_session_id, members) =>
    call(download("keep_alive"), `${BY_DOWNLOAD} progress?:integer -> nothing`, {
      ...members,
      download_session_id,
    }),
  listDownloadFiles: (download_session_id) =>
    call(`${DOWNLOAD_FILE}.list`, `${BY_DOWNLOAD} -> [${DOWNLOAD_FILE}.info]`, {
      download_session_id,
    }),
  getDownloadFile: (download_session_id, file_name) =>
    call(`${DOWNLOAD_FILE}.get`, `${BY_DOWNLOAD} file_name:text -> ${DOWNLOAD_FILE}.info`, {
      download_session_id,
      file_name,
    }),
  prepare: (download_session_id, file_name, endpoint_type) =>
    call(
      `${DOWNLOAD_FILE}.prepare`,
      `${BY_DOWNLOAD} file_name:text endpoint_type?:text -> ${DOWNLOAD_FILE}.info`,
      { download_session_id, file_name, endpoint_type },
    ),
};
