import { cancelDownload } from "../../domain/download-session/lifecycle.ts";
import type { Handler } from "../call.ts";
import type { DownloadCore } from "./access.ts";
import { settleDownloadEnd } from "./access.ts";
import { changeDownload } from "./change.ts";

export const cancelDownloadSession =
  (core: DownloadCore): Handler<"downloadSession.cancel"> =>
  async ({ download_session_id }) =>
    settleDownloadEnd(
      core,
      await changeDownload(core, download_session_id, cancelDownload),
      "canceled by the client",
    );
