import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import type { SessionCore } from "../update-session/access.ts";
import { loadSession } from "../update-session/access.ts";
import { presentSessionFile } from "./access.ts";

export const listUpdateSessionFiles =
  (core: SessionCore & Pick<Core, "signer">): Handler<"updateSessionFile.list"> =>
  async ({ update_session_id }, call) => {
    const row = await loadSession(core, update_session_id);
    return row.files.map((file) => presentSessionFile(core, row.value.id, file.value, call));
  };
