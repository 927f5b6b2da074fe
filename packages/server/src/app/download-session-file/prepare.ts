import { prepareFile } from "../../domain/download-session/file.ts";
import { isFault } from "@contentlib/contract/vocabulary";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import type { DownloadCore } from "../download-session/access.ts";
import { changeDownload } from "../download-session/change.ts";
import { withActivity } from "../../domain/expiry.ts";
import { given } from "../given.ts";
import { presentDownloadFile } from "./access.ts";

export const prepareDownloadSessionFile =
  (core: DownloadCore & Pick<Core, "signer">): Handler<"downloadSessionFile.prepare"> =>
  async ({ download_session_id, file_name, endpoint_type }, call) => {
    let fileIndex = 0;
    const session = await changeDownload(core, download_session_id, (present, now) => {
      const prepared = prepareFile(present, {
        fileName: file_name,
        ...given({ endpointType: endpoint_type }),
      });
      if (isFault(prepared)) return prepared;
      fileIndex = prepared.index;
      return withActivity(prepared.session, now, core.time.timeoutMs);
    });
    return presentDownloadFile(core, session, fileIndex, call);
  };
