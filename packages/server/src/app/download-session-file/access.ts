import type { OperationOutput } from "@contentlib/contract";
import type { DownloadSession } from "../../domain/download-session.ts";
import { viewDownloadFile } from "../../domain/download-session/file.ts";
import { invariant } from "../../domain/invariant.ts";
import type { Call } from "../call.ts";
import type { Core } from "../core.ts";
import { presentChecksum } from "../present.ts";
import { endpointUri } from "../transfers/endpoint.ts";

/** One file of a download session as the API shows it; the endpoint is the same at every look. */
export const presentDownloadFile = (
  core: Pick<Core, "signer" | "downloads">,
  session: DownloadSession,
  fileIndex: number,
  call: Pick<Call, "baseUrl">,
): OperationOutput<"downloadSessionFile.get"> => {
  const file = session.files[fileIndex];
  invariant(file, "The index of a download file comes from its own session.");
  const view = viewDownloadFile(file, core.downloads.sentBytes(session.id, fileIndex));
  const subject = { direction: "download", sessionId: session.id, fileIndex } as const;
  return {
    name: view.name,
    size: view.sizeBytes,
    bytes_transferred: view.bytesTransferred,
    status: view.status,
    ...(view.status === "PREPARED"
      ? { download_endpoint: { uri: endpointUri(core, call.baseUrl, view.name, subject) } }
      : {}),
    ...(view.checksum === undefined ? {} : { checksum_info: presentChecksum(view.checksum) }),
  };
};
