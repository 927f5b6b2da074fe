import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import type { SessionCore } from "../update-session/access.ts";
import { loadSession } from "../update-session/access.ts";
import { presentSessionFile, progressIn } from "./access.ts";

export const listUpdateSessionFiles =
  (core: SessionCore & Pick<Core, "itemTypes" | "signer">): Handler<"updateSessionFile.list"> =>
  async ({ update_session_id }, call) => {
    const row = await loadSession(core, update_session_id);
    const sessionId = row.value.id;
    const find = await progressIn(core, sessionId);
    return row.files.map(({ value: file }) =>
      presentSessionFile(core, { sessionId, packaged: row.value.package, file, find }, call),
    );
  };
