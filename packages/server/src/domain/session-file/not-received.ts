import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { BroughtFile, SessionFile } from "../update-session.ts";
import { viewSessionFile } from "./view.ts";
import type { FindProgress, SessionFileView } from "./view.ts";

const why = (file: BroughtFile, view: SessionFileView): string => {
  if (view.errorMessage !== undefined) return view.errorMessage.default_message;
  const declared = file.declaredSizeBytes;
  return declared === undefined
    ? `${view.bytesTransferred} bytes so far.`
    : `${view.bytesTransferred} of ${declared} bytes.`;
};

/** Whether all bytes of the file are here, or were here and are not what they should be. (S69) */
export const hasArrived = (file: SessionFile): boolean =>
  file.source === "NONE" ||
  file.receipt.status === "READY" ||
  (file.receipt.status === "ERROR" && file.receipt.isWhole === true);

/** Whether complete and validate have to be asked again later: a file that the client sends is not here whole. (S69) */
export const isToBeSent = (file: SessionFile): boolean =>
  file.source === "PUSH" && !hasArrived(file);

/** Whether the server is still to pull the file: it comes, or fails, without a client. (S110) */
export const isAwaited = (file: SessionFile): boolean =>
  file.source === "PULL" && file.receipt.status === "WAITING";

/** One fault for each pushed file that is not READY, in the order of the set, naming the file, its status and why. (S38) */
export const filesNotReceived = (
  files: readonly SessionFile[],
  findProgress: FindProgress,
): readonly FaultValue[] => {
  const faults: FaultValue[] = [];
  for (const file of files) {
    if (file.source === "NONE") continue;
    const view = viewSessionFile(file, findProgress(file.entryId));
    if (view.status === "READY") continue;
    faults.push(
      faultOf("update_session.file_not_received", file.name, view.status, why(file, view)),
    );
  }
  return faults;
};
