import type { Handler } from "../call.ts";
import type { DownloadCore } from "./access.ts";
import { loadDownload, presentDownload } from "./access.ts";

export const getDownloadSession =
  (core: DownloadCore): Handler<"downloadSession.get"> =>
  async ({ download_session_id }) =>
    presentDownload((await loadDownload(core, download_session_id)).value);
