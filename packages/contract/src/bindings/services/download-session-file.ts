import { api } from "../api.ts";
import { members, type OperationBindings } from "../binding.ts";
import { rest } from "../rest.ts";

const R = `${rest.CONTENT}/library/item/downloadsession/file`;
const R_SESSION = `${R}/id:{download_session_id}`;
const A = `${api.CONTENT}/library/item/download-session/{download_session_id}/file`;
const PREPARE = members("file_name", "endpoint_type");

/** How the operations on the files of a download session travel. */
export const DOWNLOAD_SESSION_FILE_BINDINGS = {
  "downloadSessionFile.list": { rest: rest.get(R, "download_session_id"), api: api.get(A) },
  "downloadSessionFile.prepare": {
    rest: rest.act(R_SESSION, "prepare", PREPARE),
    api: api.ask(A, "prepare", PREPARE),
  },
  "downloadSessionFile.get": {
    rest: rest.act(R_SESSION, "get", members("file_name")),
    api: api.getBy(A, "file_name"),
  },
} as const satisfies Readonly<Record<string, OperationBindings>>;
