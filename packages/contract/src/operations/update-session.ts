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
import {
  updateSessionCreateSpec,
  updateSessionModel,
  updateSessionUpdateSpec,
} from "../models/session.ts";
import type { Operation } from "./operation.ts";

const service = "com.vmware.content.library.item.update_session";
const sessionId = text("Id of the update session.");
const byId = parameters({ update_session_id: sessionId });

/** Changes to the files of an item, made together or not at all. */
export const UPDATE_SESSION_OPERATIONS = {
  "updateSession.create": {
    id: "updateSession.create",
    service,
    method: "create",
    summary:
      "Opens an update session on an item and answers its id; an item has at most one that is ACTIVE.",
    effect: "once",
    right: {
      privilege: "ContentLibrary.UpdateSession",
      role: "editor",
      on: { kind: "item", parameter: "create_spec.library_item_id" },
    },
    input: parameters({
      client_token: optional(
        uuid("A UUID of your own; the same one again answers the same session."),
      ),
      create_spec: of(updateSessionCreateSpec, "What the session is made of."),
    }),
    output: sessionId,
    faults: ["invalid_element_type", "not_allowed_in_current_state", "not_found", "resource_busy"],
  },
  "updateSession.list": {
    id: "updateSession.list",
    service,
    method: "list",
    summary: "Lists the ids of the caller's own update sessions, of one item or of all.",
    effect: "safe",
    right: {
      privilege: "ContentLibrary.UpdateSession",
      role: "viewer",
      on: { kind: "item", parameter: "library_item_id", whenAbsent: "anything" },
    },
    input: parameters({
      library_item_id: optional(text("Id of the item whose sessions are wanted.")),
    }),
    output: listOf(sessionId, "Ids of the sessions, oldest first."),
    faults: ["not_found"],
  },
  "updateSession.get": {
    id: "updateSession.get",
    service,
    method: "get",
    summary: "Shows an update session as it stands now.",
    effect: "safe",
    right: {
      privilege: "ContentLibrary.UpdateSession",
      role: "viewer",
      on: { kind: "update-session", parameter: "update_session_id" },
      others: "editor",
    },
    input: byId,
    output: updateSessionModel,
    faults: ["not_found"],
  },
  "updateSession.update": {
    id: "updateSession.update",
    service,
    method: "update",
    summary: "Changes which warnings complete is to ignore, and nothing else.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.UpdateSession",
      role: "editor",
      on: { kind: "update-session", parameter: "update_session_id" },
      others: "nobody",
    },
    input: parameters({
      update_session_id: sessionId,
      update_spec: of(updateSessionUpdateSpec, "The changes."),
    }),
    output: nothing,
    faults: ["not_allowed_in_current_state", "not_found"],
  },
  "updateSession.delete": {
    id: "updateSession.delete",
    service,
    method: "delete",
    summary: "Removes an update session that has ended, with everything known of it.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.UpdateSession",
      role: "viewer",
      on: { kind: "update-session", parameter: "update_session_id" },
      others: "editor",
    },
    input: byId,
    output: nothing,
    faults: ["not_allowed_in_current_state", "not_found"],
  },
  "updateSession.cancel": {
    id: "updateSession.cancel",
    service,
    method: "cancel",
    summary:
      "Gives the changes of an ACTIVE session up: transfers stop, received bytes go, the item is free at once.",
    effect: "once",
    right: {
      privilege: "ContentLibrary.UpdateSession",
      role: "viewer",
      on: { kind: "update-session", parameter: "update_session_id" },
      others: "editor",
    },
    input: byId,
    output: nothing,
    faults: ["not_allowed_in_current_state", "not_found"],
  },
  "updateSession.complete": {
    id: "updateSession.complete",
    service,
    method: "complete",
    summary:
      "Makes every change of an ACTIVE session visible at once, as one new content version of the item; while files are still being pulled, as soon as they have come.",
    effect: "once",
    right: {
      privilege: "ContentLibrary.UpdateSession",
      role: "editor",
      on: { kind: "update-session", parameter: "update_session_id" },
      others: "nobody",
    },
    input: byId,
    output: nothing,
    faults: ["not_allowed_in_current_state", "not_found"],
  },
  "updateSession.fail": {
    id: "updateSession.fail",
    service,
    method: "fail",
    summary: "Ends an ACTIVE session in the state ERROR, with the client's own message.",
    effect: "once",
    right: {
      privilege: "ContentLibrary.UpdateSession",
      role: "viewer",
      on: { kind: "update-session", parameter: "update_session_id" },
      others: "editor",
    },
    input: parameters({
      update_session_id: sessionId,
      client_error_message: optional(
        text("What went wrong at the client; a standard text when absent."),
      ),
    }),
    output: nothing,
    faults: ["not_allowed_in_current_state", "not_found"],
  },
  "updateSession.keepAlive": {
    id: "updateSession.keepAlive",
    service,
    method: "keep_alive",
    summary: "Extends the life of an ACTIVE session and, where given, moves its progress forward.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.UpdateSession",
      role: "editor",
      on: { kind: "update-session", parameter: "update_session_id" },
      others: "nobody",
    },
    input: parameters({
      update_session_id: sessionId,
      client_progress: optional(
        integer("How far the client is, in percent, 0 to 100; less than before changes nothing."),
      ),
    }),
    output: nothing,
    faults: ["not_allowed_in_current_state", "not_found"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
