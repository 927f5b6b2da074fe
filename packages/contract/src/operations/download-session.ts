import {
  integer,
  listOf,
  nothing,
  of,
  optional,
  parameters,
  text,
  uuid,
} from "../models/schema.ts";
import { downloadSessionCreateSpec, downloadSessionModel } from "../models/session.ts";
import type { Operation } from "./operation.ts";

const service = "com.vmware.content.library.item.download_session";
const sessionId = text("Id of the download session.");
const byId = parameters({ download_session_id: sessionId });

/** One version of an item, held for reading. */
export const DOWNLOAD_SESSION_OPERATIONS = {
  "downloadSession.create": {
    id: "downloadSession.create",
    service,
    method: "create",
    summary: "Opens a download session on an item and answers its id; an item may have any number.",
    effect: "once",
    right: {
      privilege: "ContentLibrary.DownloadSession",
      role: "viewer",
      on: { kind: "item", parameter: "create_spec.library_item_id" },
    },
    input: parameters({
      client_token: optional(
        uuid("A UUID of your own; the same one again answers the same session."),
      ),
      create_spec: of(downloadSessionCreateSpec, "What the session is made of."),
    }),
    output: sessionId,
    faults: ["not_found", "resource_busy"],
  },
  "downloadSession.list": {
    id: "downloadSession.list",
    service,
    method: "list",
    summary: "Lists the ids of the caller's own download sessions, of one item or of all.",
    effect: "safe",
    right: {
      privilege: "ContentLibrary.DownloadSession",
      role: "viewer",
      on: { kind: "item", parameter: "library_item_id", whenAbsent: "anything" },
    },
    input: parameters({
      library_item_id: optional(text("Id of the item whose sessions are wanted.")),
    }),
    output: listOf(sessionId, "Ids of the sessions, oldest first."),
    faults: ["not_found"],
  },
  "downloadSession.get": {
    id: "downloadSession.get",
    service,
    method: "get",
    summary: "Shows a download session as it stands now.",
    effect: "safe",
    right: {
      privilege: "ContentLibrary.DownloadSession",
      role: "viewer",
      on: { kind: "download-session", parameter: "download_session_id" },
      others: "editor",
    },
    input: byId,
    output: downloadSessionModel,
    faults: ["not_found"],
  },
  "downloadSession.delete": {
    id: "downloadSession.delete",
    service,
    method: "delete",
    summary: "Removes a download session in whatever state; its addresses are dead at once.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.DownloadSession",
      role: "viewer",
      on: { kind: "download-session", parameter: "download_session_id" },
      others: "editor",
    },
    input: byId,
    output: nothing,
    faults: ["not_found"],
  },
  "downloadSession.cancel": {
    id: "downloadSession.cancel",
    service,
    method: "cancel",
    summary: "Stops an ACTIVE session: running reads break and its addresses are dead.",
    effect: "once",
    right: {
      privilege: "ContentLibrary.DownloadSession",
      role: "viewer",
      on: { kind: "download-session", parameter: "download_session_id" },
      others: "editor",
    },
    input: byId,
    output: nothing,
    faults: ["not_allowed_in_current_state", "not_found"],
  },
  "downloadSession.fail": {
    id: "downloadSession.fail",
    service,
    method: "fail",
    summary: "Ends an ACTIVE session in the state ERROR, with the client's own message.",
    effect: "once",
    right: {
      privilege: "ContentLibrary.DownloadSession",
      role: "viewer",
      on: { kind: "download-session", parameter: "download_session_id" },
      others: "editor",
    },
    input: parameters({
      download_session_id: sessionId,
      client_error_message: optional(
        text("What went wrong at the client; a standard text when absent."),
      ),
    }),
    output: nothing,
    faults: ["not_allowed_in_current_state", "not_found"],
  },
  "downloadSession.keepAlive": {
    id: "downloadSession.keepAlive",
    service,
    method: "keep_alive",
    summary: "Extends the life of an ACTIVE session and, where given, moves its progress forward.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.DownloadSession",
      role: "viewer",
      on: { kind: "download-session", parameter: "download_session_id" },
      others: "nobody",
    },
    input: parameters({
      download_session_id: sessionId,
      progress: optional(
        integer("How far the client is, in percent, 0 to 100; less than before changes nothing."),
      ),
    }),
    output: nothing,
    faults: ["not_allowed_in_current_state", "not_found"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
