import { listOf, optional, parameters, text } from "../models/schema.ts";
import { downloadSessionFileInfo, endpointType } from "../models/session.ts";
import type { Operation } from "./operation.ts";

const service = "com.vmware.content.library.item.downloadsession.file";
const sessionId = text("Id of the download session.");
const fileName = text("Name of the file.");

/** The files a download session holds for reading. */
export const DOWNLOAD_SESSION_FILE_OPERATIONS = {
  "downloadSessionFile.list": {
    id: "downloadSessionFile.list",
    service,
    method: "list",
    summary: "Lists every file the session holds.",
    effect: "safe",
    right: {
      privilege: "ContentLibrary.DownloadSession",
      role: "viewer",
      on: { kind: "download-session", parameter: "download_session_id" },
      others: "nobody",
    },
    input: parameters({ download_session_id: sessionId }),
    output: listOf(downloadSessionFileInfo, "The files of the session."),
    faults: ["not_found"],
  },
  "downloadSessionFile.prepare": {
    id: "downloadSessionFile.prepare",
    service,
    method: "prepare",
    summary: "Asks for one file and answers where its bytes are to be fetched.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.DownloadSession",
      role: "viewer",
      on: { kind: "download-session", parameter: "download_session_id" },
      others: "nobody",
    },
    input: parameters({
      download_session_id: sessionId,
      file_name: fileName,
      endpoint_type: optional(endpointType),
    }),
    output: downloadSessionFileInfo,
    faults: ["not_allowed_in_current_state", "not_found"],
  },
  "downloadSessionFile.get": {
    id: "downloadSessionFile.get",
    service,
    method: "get",
    summary: "Shows one file of the session and how far its preparation is.",
    effect: "safe",
    right: {
      privilege: "ContentLibrary.DownloadSession",
      role: "viewer",
      on: { kind: "download-session", parameter: "download_session_id" },
      others: "nobody",
    },
    input: parameters({ download_session_id: sessionId, file_name: fileName }),
    output: downloadSessionFileInfo,
    faults: ["not_found"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
