import type { Handler } from "../call.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { DownloadCore } from "./access.ts";
import { loadDownload, settleDownloadEnd } from "./access.ts";

/** In any state, ACTIVE too (contract D15); its streams are cut. */
export const deleteDownloadSession =
  (core: DownloadCore): Handler<"downloadSession.delete"> =>
  async ({ download_session_id }) => {
    const session = await commitDecision(core.catalog, async () => {
      const row = await loadDownload(core, download_session_id);
      return {
        changes: [{ kind: "download.delete", id: row.value.id, rev: row.rev }],
        result: row.value,
      };
    });
    settleDownloadEnd(core, session, "deleted");
  };
