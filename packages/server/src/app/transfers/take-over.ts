import { faultOf } from "@contentlib/contract/vocabulary";
import type { PartialUpload, UploadEntry } from "../../domain/partial-upload.ts";
import { Fault } from "../fault.ts";
import { LiveTransfer } from "../live-transfers.ts";
import { untilWritten } from "./until-written.ts";
import type { UploadCore, UploadTarget } from "./upload-target.ts";
import { commitPartial } from "./upload-target.ts";

const RETRY_SECONDS = "1";

/** A new writer, and those whom it is to cut. */
export interface NewWriter {
  readonly transfer: LiveTransfer;
  readonly older: readonly LiveTransfer[];
}

/** A new writer of an entry, with its number, and the older ones that are not over yet. It is not live yet. */
export const newWriter = async (
  core: UploadCore,
  entry: UploadEntry,
  { session }: UploadTarget,
): Promise<NewWriter> => {
  const { sessionId, entryId } = entry;
  const endsAt = await core.access.endOf(session);
  const stored = await core.catalog.findFence(entry);
  const older = core.live.uploads(sessionId, entryId);
  const transfer = new LiveTransfer(sessionId, session.ownerId, entryId, core.time.now());
  transfer.endsAt = endsAt;
  transfer.fence = Math.max(stored, ...older.map(({ fence }) => fence)) + 1;
  return { transfer, older };
};

/** Waits until older writers, which were cut, have written their last byte. */
export const outlive = async (
  core: UploadCore,
  fileName: string,
  older: readonly LiveTransfer[],
): Promise<void> => {
  if (await untilWritten(core, older)) return;
  const why = `an older transfer of ${fileName} is still being written`;
  throw new Fault(faultOf("server.unavailable", why, RETRY_SECONDS));
};

/**
 * The partial that a new writer goes on with: what the catalog has, or what a live one makes that it does not know of yet. What a
 * live one has made safe by now counts, lest the catalog forgets bytes that its client was told of.
 */
const inherited = (
  core: UploadCore,
  { transfer, older }: NewWriter,
  found: { readonly entry: UploadEntry; readonly present: PartialUpload | null },
): PartialUpload => {
  const { entry, present } = found;
  const { fence } = transfer;
  const making = older.findLast(({ stagedId }) => stagedId !== null)?.stagedId;
  const stagedId = present?.stagedId ?? making ?? core.ids.stagedId();
  const safe = older.filter((each) => each.stagedId === stagedId).map((each) => each.durableBytes);
  const durableBytes = Math.max(present?.durableBytes ?? 0, ...safe);
  return { ...entry, ...present, fence, stagedId, durableBytes };
};

/** What older writers, which are over, have left of the partial: the last one knows. */
const left = (
  partial: PartialUpload,
  older: readonly LiveTransfer[],
  isDeclared: boolean,
): PartialUpload => {
  const last = older.findLast(({ stagedId }) => stagedId === partial.stagedId);
  if (last === undefined) return partial;
  const { durableBytes } = last;
  const lengthBytes = isDeclared ? null : (partial.lengthBytes ?? last.lengthBytes);
  return { ...partial, durableBytes, ...(lengthBytes === null ? {} : { lengthBytes }) };
};

/** What a new writer has taken over. */
export interface TakenOver {
  readonly transfer: LiveTransfer;
  readonly partial: PartialUpload;
}

/**
 * Takes over what has come of a waiting file. The order is the point: first the new number is in the catalog, then older writers
 * are cut, then the last byte of theirs is written, and only then it is read how many bytes are here. So nothing of an older
 * stream is written once that was told. The transfer is live from now on; whoever called lets it leave. (S77)
 */
export const takeOver = async (
  core: UploadCore,
  entry: UploadEntry,
  target: UploadTarget,
): Promise<TakenOver> => {
  const { name, declaredSizeBytes } = target.file;
  const { transfer, older } = await newWriter(core, entry, target);
  const present = await core.catalog.findPartial(entry);
  const inheritance = inherited(core, { transfer, older }, { entry, present });
  transfer.stagedId = inheritance.stagedId;
  transfer.durableBytes = inheritance.durableBytes;
  await commitPartial(core, name, inheritance);
  core.live.enter(transfer);
  try {
    await outlive(core, name, older);
    let partial = left(inheritance, older, declaredSizeBytes !== undefined);
    const { durableBytes, lengthBytes } = partial;
    if (durableBytes !== inheritance.durableBytes || lengthBytes !== inheritance.lengthBytes) {
      transfer.fence += 1;
      partial = { ...partial, fence: transfer.fence };
      await commitPartial(core, name, partial);
    }
    transfer.durableBytes = durableBytes;
    return { transfer, partial };
  } catch (error) {
    core.live.leave(transfer);
    throw error;
  }
};
