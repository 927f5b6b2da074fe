import type { PartialUpload, UploadEntry } from "../../domain/partial-upload.ts";
import { awaitBytes, refuseAnnouncedSize } from "../../domain/session-file/receive.ts";
import type { BroughtFile } from "../../domain/update-session.ts";
import type { UploadSlot } from "../app.ts";
import type { Origin } from "../call.ts";
import { Fault } from "../fault.ts";
import type { LiveTransfer } from "../live-transfers.ts";
import { releaseStaged } from "../release-staged.ts";
import { inTurn } from "./in-turn.ts";
import { receiveBytes } from "./receive-bytes.ts";
import type { NewWriter } from "./take-over.ts";
import { newWriter, outlive } from "./take-over.ts";
import type { UploadCore, UploadTarget } from "./upload-target.ts";
import { commitPartial, deedOf, entryOf, findTarget, recordReceipt } from "./upload-target.ts";

/** A file that waits for all of its bytes. */
interface Emptied {
  readonly file: BroughtFile;
  readonly partial: PartialUpload;
  /** Whether the catalog knows the partial; where nobody has gone on with bytes so far it need not. */
  readonly isKnown: boolean;
}

/** Gives up what the file had; a length that can not be right is a fault, and ends the transfer before it begins. */
const makeWay = async (
  core: UploadCore,
  entry: UploadEntry,
  writer: NewWriter,
  contentLengthBytes: number | null,
): Promise<Emptied> => {
  const { fence } = writer.transfer;
  const former = await core.catalog.findPartial(entry);
  const refuse = (file: BroughtFile) =>
    contentLengthBytes === null ? null : refuseAnnouncedSize(file, contentLengthBytes);
  const decide = (file: BroughtFile) => refuse(file) ?? awaitBytes(file);
  const received = await recordReceipt(core, { entry, fence }, decide);
  const { file, fault } = received;
  const partial = { ...entry, fence, stagedId: core.ids.stagedId(), durableBytes: 0 };
  const isKnown = former !== null && fault === null;
  if (isKnown) await commitPartial(core, file.name, partial);
  // Only now does nothing in the catalog refer to what the file had.
  const unknown = writer.older.flatMap(({ stagedId }) => stagedId ?? []);
  const known = former === null ? [] : [former.stagedId];
  await releaseStaged(core, [...new Set([...received.release, ...known, ...unknown])]);
  if (fault !== null) throw new Fault(fault);
  return { file, partial, isKnown };
};

/** Enters before it makes way, so that an end of the session that is recorded meanwhile finds it to cut, and the older writers with it. */
const begin = async (
  core: UploadCore,
  entry: UploadEntry,
  target: UploadTarget,
  contentLengthBytes: number | null,
): Promise<Emptied & { readonly transfer: LiveTransfer }> => {
  const writer = await newWriter(core, entry, target);
  const { transfer, older } = writer;
  core.live.enter(transfer);
  try {
    await outlive(core, target.file.name, older);
    const emptied = await makeWay(core, entry, writer, contentLengthBytes);
    transfer.stagedId = emptied.partial.stagedId;
    return { ...emptied, transfer };
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

/**
 * Lets a whole file in. The newest writer wins: whoever held the file is cut, and bytes the file had are given up, so that from
 * now on it waits for this transfer. A length that can not be right is refused before any byte.
 */
export const openUpload = (
  core: UploadCore,
  segment: string,
  { contentLengthBytes, origin }: UploadHead,
): Promise<UploadSlot> => {
  const entry = entryOf(core, segment);
  return inTurn(core, entry, async () => {
    const target = await findTarget(core, entry);
    const deed = deedOf(target, origin);
    const begun = await core.deeds.within(deed, () =>
      begin(core, entry, target, contentLengthBytes),
    );
    const sent = {
      offsetBytes: 0,
      lengthBytes: null,
      isLast: true,
      contentLengthBytes,
      checksum: null,
    };
    const packaged = target.session.package ?? null;
    const receiving = { ...begun, entry, sent, packaged, isPlain: true };
    return {
      fileName: target.file.name,
      receive: (source, signal) =>
        core.deeds.within(deed, () => receiveBytes(core, receiving, { source, signal })),
      close: () => core.live.leave(begun.transfer),
    };
  });
};
