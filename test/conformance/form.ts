import type { OperationOutput as Out } from "@contentlib/contract";

/** Which of the two HTTP forms of the API, or JSON-RPC. */
export type FormName = "rest" | "api" | "rpc";

/** What only a JSON-RPC call has. */
export interface RpcCall {
  readonly service: string;
  readonly operation: string;
  /** The type of its output, as `rpc-structures.ts` writes types. */
  readonly output: string;
}

/** A call of the API, spelt for one form. `Output` is what its success answers; nothing of it exists at run time. */
export interface Asking<Output> {
  readonly method: string;
  readonly path: string;
  /** The body; of a JSON-RPC call the parameters alone. */
  readonly body?: unknown;
  /** The status of success. */
  readonly status: number;
  readonly rpc?: RpcCall;
  readonly answer?: Output;
}

export type Spec = Readonly<Record<string, unknown>>;
export type Id = string;

/** The calls of logins. */
interface LoginForm {
  login(): Asking<string>;
  getLogin(): Asking<Out<"login.get">>;
  logout(): Asking<void>;
}

/** The calls of libraries and of what holds for the whole service. */
interface LibraryForm {
  createLibrary(spec: Spec, token?: string): Asking<string>;
  listLocal(): Asking<string[]>;
  listLibraries(): Asking<string[]>;
  getLibrary(id: Id): Asking<Out<"library.get">>;
  updateLibrary(id: Id, spec: Spec): Asking<void>;
  updateLocalLibrary(id: Id, spec: Spec): Asking<void>;
  deleteLibrary(id: Id): Asking<void>;
  findLibraries(spec: Spec): Asking<string[]>;
  listTypes(): Asking<Out<"type.list">>;
  getConfiguration(): Asking<Out<"configuration.get">>;
  updateConfiguration(model: Spec): Asking<void>;
}

/** The calls of items. */
interface ItemForm {
  createItem(spec: Spec, token?: string): Asking<string>;
  copyItem(id: Id, spec: Spec, token?: string): Asking<string>;
  listItems(libraryId: Id): Asking<string[]>;
  findItems(spec: Spec): Asking<string[]>;
  getItem(id: Id): Asking<Out<"item.get">>;
  updateItem(id: Id, spec: Spec): Asking<void>;
  deleteItem(id: Id): Asking<void>;
  listItemFiles(id: Id): Asking<Out<"itemFile.list">>;
  getItemFile(id: Id, name: string): Asking<Out<"itemFile.get">>;
  listStorage(id: Id): Asking<Out<"itemStorage.list">>;
  getStorage(id: Id, name: string): Asking<Out<"itemStorage.get">>;
  listChanges(id: Id): Asking<Out<"itemChange.list">>;
  getChange(id: Id, version: string): Asking<Out<"itemChange.get">>;
}

/** The calls of sessions. */
interface SessionForm {
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
  probeFile(endpoint: Spec): Asking<Out<"updateSessionFile.probe">>;
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

/** The calls that /rest does not have. */
export interface YoungerForm {
  deleteAnyLibrary(id: Id): Asking<void>;
  listPolicies(): Asking<Out<"securityPolicy.list">>;
  addCertificate(text: string): Asking<string>;
  listCertificates(): Asking<Out<"trustedCertificate.list">>;
  getCertificate(id: Id): Asking<Out<"trustedCertificate.get">>;
  deleteCertificate(id: Id): Asking<void>;
}

/** Every call the tests make, beside those of subscribing. All forms have all of them; only spelling and status differ. */
export interface Form extends LoginForm, LibraryForm, ItemForm, SessionForm {
  readonly name: FormName;
  /** What came after /rest; null there. */
  readonly younger: YoungerForm | null;
}
