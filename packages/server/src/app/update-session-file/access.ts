import type { OperationOutput } from "@contentlib/contract";
import type { UpdateSessionId } from "../../domain/ids.ts";
import type { FindLiveTransfer } from "../../domain/session-file/view.ts";
import { viewSessionFile } from "../../domain/session-file/view.ts";
import type { SessionFile } from "../../domain/update-session.ts";
import type { Core } from "../core.ts";
import type { LiveTransfers } from "../live-transfers.ts";
import { presentChecksum, presentMessage } from "../present.ts";
import type { EndpointReach } from "../transfers/endpoint.ts";
import { presentEndpoint } from "../transfers/endpoint.ts";

type FileInfo = OperationOutput<"updateSessionFile.get">;

/** The transfers under way for a session's entries, as the domain wants to know them. */
export const findLiveIn =
  (live: LiveTransfers, sessionId: UpdateSessionId): FindLiveTransfer =>
  (entryId) => {
    const transfer = live.upload(sessionId, entryId);
    if (transfer === null || transfer.phase === "open") return null;
    return {
      phase: transfer.phase === "validating" ? "VALIDATING" : "TRANSFERRING",
      receivedBytes: transfer.bytes,
    };
  };

/** One file as the API shows it; the endpoint of a pushed file is the same at every look. */
export const presentSessionFile = (
  core: Pick<Core, "live" | "signer">,
  sessionId: UpdateSessionId,
  file: SessionFile,
  call: EndpointReach,
): FileInfo => {
  const find = findLiveIn(core.live, sessionId);
  const view = viewSessionFile(file, file.source === "PUSH" ? find(file.entryId) : null);
  return {
    name: view.name,
    source_type: view.source,
    bytes_transferred: view.bytesTransferred,
    status: view.status,
    ...(view.sizeBytes === undefined ? {} : { size: view.sizeBytes }),
    ...(view.checksum === undefined ? {} : { checksum_info: presentChecksum(view.checksum) }),
    ...(view.errorMessage === undefined
      ? {}
      : { error_message: presentMessage(view.errorMessage) }),
    ...(view.entryId === undefined
      ? {}
      : {
          upload_endpoint: presentEndpoint(
            { direction: "upload", sessionId, entryId: view.entryId },
            view.name,
            { core, call },
          ),
        }),
  };
};
