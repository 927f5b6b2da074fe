import { keepDownloadAlive } from "../../domain/download-session/lifecycle.ts";
import type { Handler } from "../call.ts";
import { given } from "../given.ts";
import type { DownloadCore } from "./access.ts";
import { changeDownload } from "./change.ts";

export const keepDownloadSessionAlive =
  (core: DownloadCore): Handler<"downloadSession.keepAlive"> =>
  async ({ download_session_id, progress }) => {
    await changeDownload(core, download_session_id, (session, now) =>
      keepDownloadAlive(session, {
        ...given({ clientProgress: progress }),
        now,
        timeoutMs: core.time.timeoutMs,
      }),
    );
  };
