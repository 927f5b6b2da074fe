import { getDownloadFile } from "../../domain/download-session/file.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import type { DownloadCore } from "../download-session/access.ts";
import { loadDownload } from "../download-session/access.ts";
import { orFault } from "../or-fault.ts";
import { presentDownloadFile } from "./access.ts";

export const getDownloadSessionFile =
  (core: DownloadCore & Pick<Core, "signer">): Handler<"downloadSessionFile.get"> =>
  async ({ download_session_id, file_name }, call) => {
    const session = (await loadDownload(core, download_session_id)).value;
    return presentDownloadFile(
      core,
      session,
      orFault(getDownloadFile(session, file_name)).index,
      call,
    );
  };
