import { removeFile } from "../../domain/session-file/add.ts";
import type { Change } from "../../ports/index.ts";
import type { Handler } from "../call.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { SessionCore } from "../update-session/access.ts";
import { loadSession } from "../update-session/access.ts";
import { bytesOf, dropEntry, extendedBy } from "./change.ts";

export const removeUpdateSessionFile =
  (core: SessionCore): Handler<"updateSessionFile.remove"> =>
  async ({ update_session_id, file_name }) => {
    const removed = await commitDecision(core.catalog, async () => {
      const row = await loadSession(core, update_session_id);
      const files = row.files.map((each) => each.value);
      const { file } = orFault(removeFile(row.value, files, file_name));
      const sessionId = row.value.id;
      const deletions = row.files
        .filter((each) => each.value.name === file_name)
        .map((each): Change => ({
          kind: "session-file.delete",
          sessionId,
          name: file_name,
          rev: each.rev,
        }));
      const bytes = await bytesOf(core, sessionId, file);
      return {
        changes: [...deletions, extendedBy(core, sessionId)],
        result: { sessionId, file, bytes },
      };
    });
    const { sessionId, file, bytes } = removed;
    await dropEntry(core, sessionId, { file, bytes });
  };
