import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { PartialUpload, UploadEntry } from "../../domain/partial-upload.ts";
import { lengthOf, refuseAppend } from "../../domain/partial-upload.ts";
import { awaitBytes } from "../../domain/session-file/receive.ts";
import type { BroughtFile } from "../../domain/update-session.ts";
import type { Sha256 } from "../../domain/ids.ts";
import type { CancelSignal } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import type { UploadSlot, UploadState } from "../app.ts";
import type { Origin } from "../call.ts";
import { Fault } from "../fault.ts";
import { CutSignal } from "../live-transfers.ts";
import { releaseStaged } from "../release-staged.ts";
import { current } from "../update-session/access.ts";
import { inTurn } from "./in-turn.ts";
import { NO_BYTES } from "./no-bytes.ts";
import { receiveBytes } from "./receive-bytes.ts";
import type { SentBytes } from "./receiving.ts";
import type { TakenOver } from "./take-over.ts";
import { takeOver } from "./take-over.ts";
import type { UploadCore, UploadTarget } from "./upload-target.ts";
import { commitPartial, deedOf, entryOf, findTarget, recordReceipt } from "./upload-target.ts";
import { wantedOf } from "./wanted-of.ts";

const stateOf = (
  core: UploadCore,
  { session, file }: UploadTarget,
  partial: PartialUpload | null,
): UploadState => {
  const { receipt } = file;
  const isComplete = receipt.status === "READY";
  return {
    fileName: file.name,
    offsetBytes: isComplete ? receipt.sizeBytes : (partial?.durableBytes ?? 0),
    lengthBytes: isComplete ? receipt.sizeBytes : lengthOf(file, partial),
    isComplete,
    expiresAt: current(core, session).expiresAt,
  };
};

/** What an upload endpoint has, for one who only looks: nobody is cut, and a writer may be at work. */
export const checkUpload = async (core: UploadCore, segment: string): Promise<UploadState> => {
  const entry = entryOf(core, segment);
  const target = await findTarget(core, entry);
  return stateOf(core, target, await core.catalog.findPartial(entry));
};

/** A file that is in ERROR waits again: what it had is gone already. */
const waiting = async (
  core: UploadCore,
  entry: UploadEntry,
  target: UploadTarget,
): Promise<UploadTarget> => {
  if (target.file.receipt.status === "WAITING") return target;
  const fence = await core.catalog.findFence(entry);
  const received = await recordReceipt(core, { entry, fence }, awaitBytes);
  await releaseStaged(core, received.release);
  return { ...target, file: received.file };
};

/** Takes over a file that waits, or waits again. */
const takeWaiting = async (
  core: UploadCore,
  entry: UploadEntry,
  target: UploadTarget,
): Promise<TakenOver & { readonly ready: UploadTarget }> => {
  const ready = await waiting(core, entry, target);
  return { ...(await takeOver(core, entry, ready)), ready };
};

/** A writer who brings nothing more. */
const bringsNothing = (offsetBytes: number): SentBytes => ({
  offsetBytes,
  lengthBytes: null,
  isLast: null,
  contentLengthBytes: 0,
  checksum: null,
});

/**
 * What an upload endpoint has, for one who goes on from there: older writers are cut, and write nothing any more. Where all bytes
 * are here, and only the word of it was lost, the file is judged now: a client that hears of all its bytes sends nothing more. (S76)
 */
export const resumeUpload = async (
  core: UploadCore,
  segment: string,
  origin: Origin,
): Promise<UploadState> => {
  const entry = entryOf(core, segment);
  const { state, rest, deed } = await inTurn(core, entry, async () => {
    const target = await findTarget(core, entry);
    const deed = deedOf(target, origin);
    // A file in ERROR has no bytes and no writer. It stays so, with its reason, until bytes come: to ask changes nothing.
    if (target.file.receipt.status !== "WAITING")
      return { state: stateOf(core, target, null), rest: null, deed };
    const { ready, transfer, partial } = await core.deeds.within(deed, () =>
      takeWaiting(core, entry, target),
    );
    const state = stateOf(core, ready, partial);
    const isWhole = state.offsetBytes === state.lengthBytes;
    if (!isWhole) core.live.leave(transfer);
    const sent = bringsNothing(partial.durableBytes);
    const { file } = ready;
    const packaged = target.session.package ?? null;
    const known = { file, partial, isKnown: true, packaged };
    const receiving = { transfer, entry, ...known, sent, isPlain: false };
    return { state, rest: isWhole ? receiving : null, deed };
  });
  if (rest === null) return state;
  const flow = { source: NO_BYTES, signal: new CutSignal() };
  const judged = await core.deeds.within(deed, () => receiveBytes(core, rest, flow));
  return { ...state, ...judged };
};

/** A client that lost the last answer asks once more with the end of a file that is whole; anything else changes what was received. */
const atTheEnd = (file: BroughtFile, sizeBytes: number, sent: SentBytes): UploadSlot => {
  const refused: FaultValue | null =
    refuseAppend(file, { durableBytes: sizeBytes, lengthBytes: sizeBytes }, sent) ??
    (sent.contentLengthBytes === 0
      ? null
      : faultOf("transfer.length_mismatch", file.name, String(sizeBytes), "more bytes"));
  if (refused !== null) throw new Fault(refused);
  return {
    fileName: file.name,
    receive: () => Promise.resolve({ offsetBytes: sizeBytes, isComplete: true }),
    close: () => undefined,
  };
};

/** A file in ERROR has no bytes; what does not begin there leaves it as it is. (S75) */
const fromNothing = (file: BroughtFile, sent: SentBytes): void => {
  const present = { durableBytes: 0, lengthBytes: lengthOf(file, null) };
  const refused = refuseAppend(file, present, sent);
  if (refused !== null) throw new Fault(refused);
};

/** What is known of an append before its first byte. */
export interface AppendHead {
  readonly sent: SentBytes;
  readonly origin: Origin;
}

/**
 * Lets bytes in behind those that are here. The newest writer wins, by its number: whoever held the file has written its last byte
 * before it is read how many there are. Bytes that do not fit are refused before the first of them, and nothing changes.
 */
export const openAppend = (
  core: UploadCore,
  segment: string,
  { sent, origin }: AppendHead,
): Promise<UploadSlot> => {
  const entry = entryOf(core, segment);
  return inTurn(core, entry, async () => {
    const target = await findTarget(core, entry);
    const { receipt } = target.file;
    if (receipt.status === "READY") return atTheEnd(target.file, receipt.sizeBytes, sent);
    if (receipt.status === "ERROR") fromNothing(target.file, sent);
    const deed = deedOf(target, origin);
    const { ready, transfer, partial } = await core.deeds.within(deed, () =>
      takeWaiting(core, entry, target),
    );
    const { file } = ready;
    const { durableBytes } = partial;
    const lengthBytes = lengthOf(file, partial);
    const refused = refuseAppend(file, { durableBytes, lengthBytes }, sent);
    if (refused !== null) {
      core.live.leave(transfer);
      throw new Fault(refused);
    }
    const packaged = target.session.package ?? null;
    const known = { file, partial, isKnown: true, packaged };
    const receiving = { transfer, entry, ...known, sent, isPlain: false };
    return {
      fileName: file.name,
      receive: (source, signal) =>
        core.deeds.within(deed, () => receiveBytes(core, receiving, { source, signal })),
      close: () => core.live.leave(transfer),
    };
  });
};

const dropBytes = async (
  core: UploadCore,
  entry: UploadEntry,
  target: UploadTarget,
): Promise<void> => {
  const { transfer, partial } = await takeWaiting(core, entry, target);
  try {
    transfer.fence += 1;
    const { fence } = transfer;
    const anew = { ...entry, fence, stagedId: core.ids.stagedId(), durableBytes: 0 };
    await commitPartial(core, target.file.name, anew);
  } finally {
    core.live.leave(transfer);
  }
  await releaseStaged(core, [partial.stagedId]);
};

/** Drops what has come of a file, whole or not: it waits for all of its bytes again. */
export const dropUpload = (core: UploadCore, segment: string, origin: Origin): Promise<void> => {
  const entry = entryOf(core, segment);
  return inTurn(core, entry, async () => {
    const target = await findTarget(core, entry);
    await core.deeds.within(deedOf(target, origin), () => dropBytes(core, entry, target));
  });
};

/** SHA-256 of the bytes of a file that have come so far, for a client that compares its own; null where there are none. */
export const digestOfPrefix = async (
  core: UploadCore,
  segment: string,
  signal: CancelSignal,
): Promise<{ readonly digest: Sha256; readonly sizeBytes: number } | null> => {
  const entry = entryOf(core, segment);
  const { file, session } = await findTarget(core, entry);
  if (file.receipt.status === "READY") {
    const { digest, sizeBytes } = file.receipt;
    return { digest, sizeBytes };
  }
  const partial = await core.catalog.findPartial(entry);
  if (partial === null || partial.durableBytes === 0) return null;
  const { stagedId, durableBytes } = partial;
  try {
    const digest = await core.blobs.partials.prefixDigest(stagedId, durableBytes, {
      ...wantedOf(core, file, session.package ?? null),
      signal,
    });
    return { digest, sizeBytes: durableBytes };
  } catch (error) {
    // A newer writer, or an end of the session, has taken them away meanwhile.
    if (error instanceof PortError && error.kind === "absent") return null;
    throw error;
  }
};
