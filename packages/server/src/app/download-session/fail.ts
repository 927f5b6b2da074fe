import { failDownload } from "../../domain/download-session/lifecycle.ts";
import type { Handler } from "../call.ts";
import type { DownloadCore } from "./access.ts";
import { settleDownloadEnd } from "./access.ts";
import { changeDownload } from "./change.ts";

export const failDownloadSession =
  (core: DownloadCore): Handler<"downloadSession.fail"> =>
  async ({ download_session_id, client_error_message }) => {
    const ended = await changeDownload(core, download_session_id, (session, now) =>
      failDownload(session, client_error_message, now),
    );
    settleDownloadEnd(core, ended, "failed by the client");
  };
