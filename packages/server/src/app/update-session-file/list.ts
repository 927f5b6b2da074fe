import { listedFiles } from "../../domain/session-file/listed.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import type { SessionCore } from "../update-session/access.ts";
import { loadSession } from "../update-session/access.ts";
import { archivesIn, presentListedFile, progressIn, UploadEndpoints } from "./access.ts";

export const listUpdateSessionFiles =
  (core: SessionCore & Pick<Core, "itemTypes" | "signer">): Handler<"updateSessionFile.list"> =>
  async ({ update_session_id }, call) => {
    const row = await loadSession(core, update_session_id);
    const sessionId = row.value.id;
    const find = await progressIn(core, sessionId);
    const packaged = row.value.package;
    const files = row.files.map(({ value }) => value);
    const endpoints = new UploadEndpoints(core, sessionId, call);
    const shown = { packaged, find, endpoints };
    return listedFiles(files, archivesIn(core, packaged)).map((listed) =>
      presentListedFile(core, listed, shown),
    );
  };
