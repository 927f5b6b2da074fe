import type { EntryId, UpdateSessionId } from "../../domain/ids.ts";
import type { Received } from "../../domain/session-file/receive.ts";
import { awaitBytes, refuseAnnouncedSize } from "../../domain/session-file/receive.ts";
import type { SessionOwner } from "../../domain/session-owner.ts";
import type { PushedFile, UpdateSession } from "../../domain/update-session.ts";
import type { UploadSlot } from "../app.ts";
import { uploadDeed } from "../audit/deeds.ts";
import type { Origin } from "../call.ts";
import { Fault } from "../fault.ts";
import { LiveTransfer } from "../live-transfers.ts";
import { releaseStaged } from "../release-staged.ts";
import { receiveFile } from "./receive-file.ts";
import type { UploadCore } from "./upload-target.ts";
import { findTarget, recordReceipt, subjectOf } from "./upload-target.ts";

/** Gives up what the file had; a length that can not be right is a fault, and ends the transfer before it begins. */
const makeWay = async (
  core: UploadCore,
  transfer: LiveTransfer,
  entryId: EntryId,
  contentLengthBytes: number | null,
): Promise<Received> => {
  const sessionId = transfer.sessionId as UpdateSessionId;
  const refuse = (file: PushedFile): Received | null =>
    contentLengthBytes === null ? null : refuseAnnouncedSize(file, contentLengthBytes);
  try {
    const received = await recordReceipt(
      core,
      sessionId,
      entryId,
      (file) => refuse(file) ?? awaitBytes(file),
    );
    await releaseStaged(core, received.release);
    if (received.fault !== null) throw new Fault(received.fault);
    return received;
  } catch (error) {
    core.live.leave(transfer);
    throw error;
  }
};

/** What is known of an upload before its first byte. */
export interface UploadHead {
  /** The request's Content-Length, null when it has none. */
  readonly contentLengthBytes: number | null;
  readonly origin: Origin;
}

const ownerOfSession = ({ ownerId, ownerName, tokenId }: UpdateSession): SessionOwner => ({
  id: ownerId,
  name: ownerName,
  ...(tokenId === undefined ? {} : { tokenId }),
});

/**
 * Lets an upload in. The newest writer wins: whoever held the file is cut, and bytes the file had are given up, so that from
 * now on it waits for this transfer. A length that can not be right is refused before any byte.
 */
export const openUpload = async (
  core: UploadCore,
  segment: string,
  { contentLengthBytes, origin }: UploadHead,
): Promise<UploadSlot> => {
  const { sessionId, entryId } = subjectOf(core, segment);
  return core.exclusive.run(sessionId, async () => {
    const target = await findTarget(core, sessionId, entryId);
    const deed = uploadDeed(ownerOfSession(target.session), origin);
    const endsAt = await core.access.endOf(target.session);
    // Entered first, so that an end of the session that is recorded meanwhile finds it to cut, and the older writer with it.
    const transfer = new LiveTransfer(sessionId, target.session.ownerId, entryId, core.time.now());
    transfer.endsAt = endsAt;
    core.live.enter(transfer);
    const received = await core.deeds.within(deed, () =>
      makeWay(core, transfer, entryId, contentLengthBytes),
    );
    return {
      fileName: target.file.name,
      receive: (source, signal) =>
        core.deeds.within(deed, () =>
          receiveFile(core, {
            transfer,
            sessionId,
            entryId,
            file: received.file,
            source,
            signal,
            expectedSizeBytes: contentLengthBytes ?? received.file.declaredSizeBytes ?? null,
          }),
        ),
      close: () => core.live.leave(transfer),
    };
  });
};

/** Whether an upload endpoint would take bytes now. */
export const checkUpload = async (core: UploadCore, segment: string): Promise<void> => {
  const { sessionId, entryId } = subjectOf(core, segment);
  await findTarget(core, sessionId, entryId);
};
