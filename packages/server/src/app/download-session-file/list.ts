import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import type { DownloadCore } from "../download-session/access.ts";
import { loadDownload } from "../download-session/access.ts";
import { presentDownloadFile } from "./access.ts";

export const listDownloadSessionFiles =
  (core: DownloadCore & Pick<Core, "signer">): Handler<"downloadSessionFile.list"> =>
  async ({ download_session_id }, call) => {
    const session = (await loadDownload(core, download_session_id)).value;
    return session.files.flatMap(({ file }, index) =>
      // An archive that files came in can be asked for by its name, and is no file of the item. (S127)
      file.isOriginal === true ? [] : [presentDownloadFile(core, session, index, call)],
    );
  };
