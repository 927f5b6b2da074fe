import type { OperationOutput } from "@contentlib/contract";
import type { DownloadSession } from "../../domain/download-session.ts";
import { viewDownloadFile } from "../../domain/download-session/file.ts";
import { invariant } from "../../domain/invariant.ts";
import type { Core } from "../core.ts";
import { presentChecksum } from "../present.ts";
import type { EndpointReach } from "../transfers/endpoint.ts";
import { presentEndpoint } from "../transfers/endpoint.ts";

/** One file of a download session as the API shows it; the endpoint is the same at every look. */
export const presentDownloadFile = (
  core: Pick<Core, "signer" | "downloads">,
  session: DownloadSession,
  fileIndex: number,
  call: EndpointReach,
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
      ? { download_endpoint: presentEndpoint(subject, view.name, { core, call }) }
      : {}),
    ...(view.checksum === undefined ? {} : { checksum_info: presentChecksum(view.checksum) }),
  };
};
