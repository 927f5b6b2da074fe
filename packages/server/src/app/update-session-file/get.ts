import { getSessionFile } from "../../domain/session-file/add.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { orFault } from "../or-fault.ts";
import type { SessionCore } from "../update-session/access.ts";
import { loadSession } from "../update-session/access.ts";
import { presentSessionFile, progressIn } from "./access.ts";

export const getUpdateSessionFile =
  (core: SessionCore & Pick<Core, "signer">): Handler<"updateSessionFile.get"> =>
  async ({ update_session_id, file_name }, call) => {
    const row = await loadSession(core, update_session_id);
    const files = row.files.map((file) => file.value);
    const file = orFault(getSessionFile(row.value, files, file_name));
    const sessionId = row.value.id;
    const find = await progressIn(core, sessionId);
    return presentSessionFile(core, { sessionId, file, find }, call);
  };
