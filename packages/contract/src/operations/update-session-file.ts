import { listOf, nothing, of, parameters, text } from "../models/schema.ts";
import {
  updateSessionFileAddSpec,
  updateSessionFileInfo,
  validationResult,
} from "../models/session.ts";
import { probeResult } from "../models/subscription-info.ts";
import { sourceEndpoint } from "../models/transfer-endpoint.ts";
import type { Operation } from "./operation.ts";

const service = "com.vmware.content.library.item.updatesession.file";
const sessionId = text("Id of the update session.");
const byName = parameters({ update_session_id: sessionId, file_name: text("Name of the file.") });

/** The files of an item as they will be once its update session is complete. */
export const UPDATE_SESSION_FILE_OPERATIONS = {
  "updateSessionFile.add": {
    id: "updateSessionFile.add",
    service,
    method: "add",
    summary:
      "Adds a file to an ACTIVE session, or adds it again, and answers where its bytes are to be sent.",
    effect: "once",
    right: {
      privilege: "ContentLibrary.UpdateSession",
      role: "editor",
      on: { kind: "update-session", parameter: "update_session_id" },
      others: "nobody",
    },
    input: parameters({
      update_session_id: sessionId,
      file_spec: of(updateSessionFileAddSpec, "The file."),
    }),
    output: updateSessionFileInfo,
    faults: ["not_allowed_in_current_state", "not_found", "unsupported"],
  },
  "updateSessionFile.list": {
    id: "updateSessionFile.list",
    service,
    method: "list",
    summary: "Lists every file the item would have after complete.",
    effect: "safe",
    right: {
      privilege: "ContentLibrary.UpdateSession",
      role: "viewer",
      on: { kind: "update-session", parameter: "update_session_id" },
      others: "nobody",
    },
    input: parameters({ update_session_id: sessionId }),
    output: listOf(updateSessionFileInfo, "The files of the session."),
    faults: ["not_found"],
  },
  "updateSessionFile.get": {
    id: "updateSessionFile.get",
    service,
    method: "get",
    summary: "Shows one file of a session and how far its transfer is.",
    effect: "safe",
    right: {
      privilege: "ContentLibrary.UpdateSession",
      role: "viewer",
      on: { kind: "update-session", parameter: "update_session_id" },
      others: "nobody",
    },
    input: byName,
    output: updateSessionFileInfo,
    faults: ["not_found"],
  },
  "updateSessionFile.remove": {
    id: "updateSessionFile.remove",
    service,
    method: "remove",
    summary:
      "Takes a file out of an ACTIVE session; the item loses it when the session is completed.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.UpdateSession",
      role: "editor",
      on: { kind: "update-session", parameter: "update_session_id" },
      others: "nobody",
    },
    input: byName,
    output: nothing,
    faults: ["not_allowed_in_current_state", "not_found"],
  },
  "updateSessionFile.validate": {
    id: "updateSessionFile.validate",
    service,
    method: "validate",
    summary: "Tells which files an ACTIVE session lacks or can not use, and changes nothing.",
    effect: "safe",
    right: {
      privilege: "ContentLibrary.UpdateSession",
      role: "editor",
      on: { kind: "update-session", parameter: "update_session_id" },
      others: "nobody",
    },
    input: parameters({ update_session_id: sessionId }),
    output: validationResult,
    faults: ["not_allowed_in_current_state", "not_found"],
  },
  "updateSessionFile.probe": {
    id: "updateSessionFile.probe",
    service,
    method: "probe",
    summary: "Tries whether files can be fetched from an address, and changes nothing.",
    effect: "safe",
    right: { privilege: "ContentLibrary.UpdateSession", role: "editor", on: { kind: "anywhere" } },
    input: parameters({ source_endpoint: of(sourceEndpoint, "The address to try.") }),
    output: probeResult,
    faults: ["not_found"],
    origin: "undescribed",
  },
} as const satisfies Readonly<Record<string, Operation>>;
