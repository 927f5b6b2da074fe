import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import type { TlsIdentity } from "../builders/tls-certificates.ts";
import { startStandIn } from "./stand-in-server.ts";
import type { StandInAnswer, StandInRequest, StandInServer } from "./stand-in-server.ts";

/** A library server of a few dozen lines, for tests of clients: no rules, only what a well-behaved client needs. */
export interface SmallLibrary {
  readonly server: StandInServer;
  /** Answers in place of the library where it returns something. */
  override: (request: StandInRequest) => StandInAnswer | undefined;
  addLibrary(name: string): string;
  addItem(libraryId: string, name: string, files?: Readonly<Record<string, string>>): string;
  filesOf(itemId: string): Readonly<Record<string, string>>;
  readonly sessions: ReadonlyMap<string, SmallSession>;
}

/** A session of the small library, of either kind. */
export interface SmallSession {
  readonly id: string;
  readonly kind: "update" | "download";
  readonly itemId: string;
  readonly files: Map<string, Buffer | null>;
  state: string;
  message: string;
}

interface Item {
  readonly id: string;
  readonly libraryId: string;
  readonly name: string;
  readonly type: string;
  version: number;
  files: Map<string, Buffer>;
}

const at = "2026-01-02T03:04:05.678Z";

/** Starts a small library; with an identity it speaks TLS. */
export async function startSmallLibrary(identity?: TlsIdentity): Promise<SmallLibrary> {
  const libraries = new Map<string, string>();
  const items = new Map<string, Item>();
  const sessions = new Map<string, SmallSession>();
  let ids = 0;
  const uuid = (): string => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, "0")}`;
  const library: SmallLibrary = {
    server: await startStandIn(
      (request, url) => library.override(request) ?? behave(request, url),
      async (request, response) => await bytes(request, response),
      identity,
    ),
    override: () => undefined,
    sessions,
    addLibrary(name) {
      const id = uuid();
      libraries.set(id, name);
      return id;
    },
    addItem(libraryId, name, files = {}) {
      const id = uuid();
      const content = Object.entries(files).map(
        ([file, text]) => [file, Buffer.from(text)] as const,
      );
      items.set(id, { id, libraryId, name, type: "", version: 1, files: new Map(content) });
      return id;
    },
    filesOf: (itemId) =>
      Object.fromEntries(
        [...(items.get(itemId)?.files ?? [])].map(([name, content]) => [name, content.toString()]),
      ),
  };

  function behave({ operation, input }: StandInRequest, url: string): StandInAnswer {
    const text = (name: string): string => String(input[name]);
    const spec = (name: string) => (input[name] ?? {}) as Readonly<Record<string, string>>;
    const missing = { fault: "not_found", text: "There is no such thing." } as const;
    const [noun = "", verb = ""] = operation.split(".");
    if (noun === "login") return loginAnswer(verb);
    if (noun === "library" || noun === "localLibrary")
      return libraryAnswer(verb, text("library_id"), spec("spec"), spec("create_spec"));
    if (noun === "item")
      return itemAnswer(
        verb,
        text("library_item_id"),
        text("library_id"),
        spec("spec"),
        spec("create_spec"),
      );
    if (noun === "itemFile" || noun === "itemStorage") {
      const item = items.get(text("library_item_id"));
      return item === undefined ? missing : { output: [...item.files].map(storedFile) };
    }
    if (noun === "updateSession" || noun === "downloadSession") {
      const kind = noun === "updateSession" ? "update" : "download";
      return sessionAnswer(
        kind,
        verb,
        text(`${kind}_session_id`),
        spec("create_spec"),
        text("client_error_message"),
        input["library_item_id"],
      );
    }
    const session = sessions.get(
      String(input["update_session_id"] ?? input["download_session_id"]),
    );
    if (session === undefined) return missing;
    return sessionFileAnswer(session, verb, input["file_name"] ?? spec("file_spec")["name"], url);
  }

  const loginAnswer = (verb: string): StandInAnswer => {
    if (verb === "create") return { output: "0123456789abcdef0123456789abcdef" };
    return {
      output:
        verb === "get"
          ? { user: "administrator@vsphere.local", created_time: at, last_accessed_time: at }
          : undefined,
    };
  };

  function libraryAnswer(
    verb: string,
    id: string,
    spec: Readonly<Record<string, string>>,
    created: Readonly<Record<string, string>>,
  ): StandInAnswer {
    if (verb === "create") return { output: library.addLibrary(created["name"] ?? "") };
    if (verb === "list") return { output: [...libraries.keys()] };
    if (verb === "find")
      return {
        output: idsByName(
          [...libraries].map(([key, name]) => ({ id: key, name })),
          spec["name"],
        ),
      };
    const name = libraries.get(id);
    if (name === undefined) return { fault: "not_found", text: `There is no library ${id}.` };
    if (verb === "delete") return { output: void libraries.delete(id) };
    const backing = [{ type: "OTHER" }];
    return {
      output: {
        id,
        name,
        type: "LOCAL",
        description: "",
        version: "1",
        creation_time: at,
        last_modified_time: at,
        storage_backings: backing,
        server_guid: "g",
      },
    };
  }

  function itemAnswer(
    verb: string,
    id: string,
    libraryId: string,
    spec: Readonly<Record<string, string>>,
    created: Readonly<Record<string, string>>,
  ): StandInAnswer {
    if (verb === "create") return { output: createItem(created) };
    const inLibrary = (of: string | undefined) =>
      [...items.values()].filter((item) => item.libraryId === of);
    if (verb === "list") return { output: inLibrary(libraryId).map((item) => item.id) };
    if (verb === "find") return { output: idsByName(inLibrary(spec["library_id"]), spec["name"]) };
    const item = items.get(id);
    if (item === undefined) return { fault: "not_found", text: `There is no library item ${id}.` };
    return { output: verb === "delete" ? void items.delete(id) : itemModel(item) };
  }

  const createItem = (spec: Readonly<Record<string, string>>): string => {
    const id = uuid();
    items.set(id, {
      id,
      libraryId: spec["library_id"] ?? "",
      name: spec["name"] ?? "",
      type: spec["type"] ?? "",
      version: 1,
      files: new Map(),
    });
    return id;
  };

  function sessionAnswer(
    kind: "update" | "download",
    verb: string,
    id: string,
    created: Readonly<Record<string, string>>,
    message: string,
    itemId: unknown,
  ): StandInAnswer {
    const mine = [...sessions.values()].filter(
      (one) => one.kind === kind && (itemId === undefined || one.itemId === itemId),
    );
    if (verb === "create") return { output: createSession(kind, created["library_item_id"] ?? "") };
    if (verb === "list") return { output: mine.map((one) => one.id) };
    const session = sessions.get(id);
    if (session?.kind !== kind)
      return { fault: "not_found", text: `There is no ${kind} session ${id}.` };
    const ended = { cancel: "CANCELED", complete: "DONE", fail: "ERROR" }[verb];
    if (ended === undefined) return { output: verb === "get" ? sessionModel(session) : undefined };
    session.state = ended;
    session.message = verb === "fail" ? message : "";
    const item = items.get(session.itemId);
    if (verb === "complete" && item !== undefined) {
      item.version += 1;
      item.files = new Map(
        [...session.files].flatMap(([name, content]) =>
          content === null ? [] : [[name, content]],
        ),
      );
    }
    return { output: undefined };
  }

  const createSession = (kind: "update" | "download", itemId: string): string => {
    const id = uuid();
    const files = new Map(items.get(itemId)?.files ?? []);
    sessions.set(id, { id, kind, itemId, files, state: "ACTIVE", message: "" });
    return id;
  };

  function sessionFileAnswer(
    session: SmallSession,
    verb: string,
    fileName: unknown,
    url: string,
  ): StandInAnswer {
    const name = String(fileName);
    const uri = (file: string): string => `${url}/bytes/${session.id}/${encodeURIComponent(file)}`;
    const info = (file: string) => sessionFile(session, file, uri(file));
    if (verb === "list") return { output: [...session.files.keys()].map(info) };
    if (verb === "remove") return { output: void session.files.delete(name) };
    if (verb === "add") session.files.set(name, null);
    return { output: info(name) };
  }

  async function bytes(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, , id = "", name = ""] = (request.url ?? "").split("/").map(decodeURIComponent);
    const session = sessions.get(id);
    const content = session?.files.get(name);
    if (request.method === "GET" && content) {
      response
        .writeHead(200, { "content-length": content.byteLength, etag: `"${sha256(content)}"` })
        .end(content);
      return;
    }
    session?.files.set(name, await buffer(request));
    response.end();
  }

  return library;
}

const sha256 = (content: Buffer): string => createHash("sha256").update(content).digest("hex");

const idsByName = (
  all: readonly { readonly id: string; readonly name: string }[],
  name: string | undefined,
): readonly string[] =>
  all.filter((one) => one.name.toLowerCase() === name?.toLowerCase()).map(({ id }) => id);

const itemModel = (item: Item) => ({
  id: item.id,
  library_id: item.libraryId,
  name: item.name,
  type: item.type,
  description: "",
  content_version: String(item.version),
  metadata_version: "1",
  version: "1",
  creation_time: at,
  last_modified_time: at,
  cached: true,
  size: [...item.files.values()].reduce((sum, content) => sum + content.byteLength, 0),
  security_compliance: true,
});

const storedFile = ([name, content]: readonly [string, Buffer]) => ({
  name,
  size: content.byteLength,
  cached: true,
  version: "1",
  checksum_info: { algorithm: "SHA256", checksum: sha256(content) },
  storage_backing: { type: "OTHER" },
  storage_uris: [`contentlib:///library/item/${name}`],
});

const sessionModel = ({ id, itemId, state, message }: SmallSession) => ({
  id,
  library_item_id: itemId,
  library_item_content_version: "1",
  client_progress: 0,
  state,
  expiration_time: new Date(Date.now() + 300_000).toISOString().replace(/\d{3}Z$/, "000Z"),
  ...(state === "ERROR" ? { error_message: { id: "", default_message: message, args: [] } } : {}),
});

function sessionFile(session: SmallSession, name: string, uri: string) {
  const content = session.files.get(name) ?? null;
  const size =
    content === null
      ? {}
      : {
          size: content.byteLength,
          checksum_info: { algorithm: "SHA256", checksum: sha256(content) },
        };
  const common = { name, bytes_transferred: content?.byteLength ?? 0, ...size };
  return session.kind === "download"
    ? { ...common, status: "PREPARED", download_endpoint: { uri } }
    : {
        ...common,
        status: content === null ? "WAITING_FOR_TRANSFER" : "READY",
        source_type: "PUSH",
        upload_endpoint: { uri },
      };
}
