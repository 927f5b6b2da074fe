import { getSessionFile } from "../../domain/session-file/add.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { orFault } from "../or-fault.ts";
import type { SessionCore } from "../update-session/access.ts";
import { loadSessionHead } from "../update-session/access.ts";
import { presentSessionFile, progressOf } from "./access.ts";

export const getUpdateSessionFile =
  (core: SessionCore & Pick<Core, "itemTypes" | "signer">): Handler<"updateSessionFile.get"> =>
  async ({ update_session_id, file_name }, call) => {
    const { value: session } = await loadSessionHead(core, update_session_id);
    const sessionId = session.id;
    const row = await core.catalog.findNamedFile(sessionId, file_name);
    const file = orFault(getSessionFile(session, row === null ? [] : [row.value], file_name));
    const find = await progressOf(core, sessionId, file);
    return presentSessionFile(core, { sessionId, packaged: session.package, file, find }, call);
  };
