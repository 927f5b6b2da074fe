import type { PartialUpload, UploadEntry } from "../../domain/partial-upload.ts";
import { withoutQuery } from "../../domain/pull-source.ts";
import { refuseAnnouncedSize } from "../../domain/session-file/receive.ts";
import type { PulledFile, UpdateSession } from "../../domain/update-session.ts";
import type { RemoteFile, RemoteWish } from "../../ports/index.ts";
import { RemoteError } from "../../ports/index.ts";
import { Fault } from "../fault.ts";
import type { LiveTransfer } from "../live-transfers.ts";
import { CutSignal } from "../live-transfers.ts";
import { receiveBytes } from "../transfers/receive-bytes.ts";
import type { Receiving } from "../transfers/receiving.ts";
import { takeOver } from "../transfers/take-over.ts";
import type { UploadCore } from "../transfers/upload-target.ts";
import { commitPartial, findTarget } from "../transfers/upload-target.ts";
import { NO_BYTES } from "../transfers/no-bytes.ts";
import type { SourceCore } from "./open-source.ts";
import { openSource } from "./open-source.ts";

/** What a try to pull a file works with. */
export type PullCore = UploadCore & SourceCore;

/** A file that is about to be pulled, and what has come of it so far. */
export interface Taken {
  readonly entry: UploadEntry;
  readonly session: UpdateSession;
  readonly file: PulledFile;
  readonly transfer: LiveTransfer;
  readonly partial: PartialUpload;
}

/** Takes up a file that waits; null where it does not. A cut that came while it was waited for its turn cuts this one, too. */
export const takeUp = (
  core: PullCore,
  entry: UploadEntry,
  waiting: LiveTransfer,
): Promise<Taken | null> =>
  core.exclusive.run(entry.sessionId, async () => {
    const target = await findTarget(core, entry);
    const { session, file } = target;
    if (file.source !== "PULL" || file.receipt.status !== "WAITING") return null;
    const { transfer, partial } = await takeOver(core, entry, target);
    transfer.holdsSession = true;
    const { reason } = waiting.signal;
    if (reason !== null && reason.kind !== "superseded") transfer.signal.cut(reason);
    return { entry, session, file, transfer, partial };
  });

/** Where the source may go on: behind bytes that are known to be of one very file. */
const placeIn = ({
  durableBytes,
  validator,
}: PartialUpload): NonNullable<RemoteWish["from"]> | null =>
  durableBytes > 0 && validator !== undefined
    ? { offsetBytes: durableBytes, validator: tagIn(validator) }
    : null;

/**
 * What tells the file at the source from all others. A tag does so at one address only: where redirects led to another one, that
 * stands behind it, without its query, which may sign it.
 */
const markOf = ({ from }: PulledFile, { validator, url }: RemoteFile): string | null => {
  const place = withoutQuery(url);
  return validator === null || place === withoutQuery(from.url)
    ? validator
    : `${validator} ${place}`;
};

/** The tag in a mark; it holds no space. */
const tagIn = (mark: string): string => mark.split(" ", 1)[0] ?? mark;

/** Whether what the source tells of its file fits what was told of the first bytes. */
const fits = (remote: RemoteFile, { file, partial }: Taken): boolean =>
  remote.startsAtBytes === 0 ||
  (markOf(file, remote) === partial.validator &&
    (remote.sizeBytes === null ||
      partial.lengthBytes === undefined ||
      remote.sizeBytes === partial.lengthBytes));

/** Whether it may do to ask for all of it: the file is another one by now, or the source is no good at sending a part. */
const wantsAnew = (error: unknown): boolean =>
  error instanceof RemoteError && (error.reason === "changed" || error.reason === "protocol");

/** Opens the source behind the bytes that are here, where it is still the same file; else from its first byte. (S103) */
const openFrom = async (core: PullCore, taken: Taken): Promise<RemoteFile> => {
  const { file, transfer, partial } = taken;
  const { signal } = transfer;
  const from = placeIn(partial);
  if (from !== null)
    try {
      const remote = await openSource(core, file, { signal, from });
      if (fits(remote, taken)) return remote;
      remote.close();
    } catch (error) {
      if (!wantsAnew(error)) throw error;
    }
  return await openSource(core, file, { signal });
};

/** Writes down what the bytes to come are of before the first of them is here, so that no others are ever put behind them. (S103) */
const noteSource = async (
  core: PullCore,
  { file, transfer, partial }: Taken,
  remote: RemoteFile,
): Promise<PartialUpload> => {
  const { startsAtBytes, sizeBytes } = remote;
  const validator = markOf(file, remote);
  const { lengthBytes: lengthBefore = null, validator: validatorBefore = null, ...rest } = partial;
  const isNoted =
    startsAtBytes === partial.durableBytes &&
    sizeBytes === lengthBefore &&
    validator === validatorBefore;
  if (isNoted) return partial;
  transfer.fence += 1;
  transfer.durableBytes = startsAtBytes;
  const noted: PartialUpload = {
    ...rest,
    fence: transfer.fence,
    durableBytes: startsAtBytes,
    ...(sizeBytes === null ? {} : { lengthBytes: sizeBytes }),
    ...(validator === null ? {} : { validator }),
  };
  await commitPartial(core, file.name, noted);
  return noted;
};

const receivingOf = (
  { entry, session, file, transfer }: Taken,
  partial: PartialUpload,
  remote: Pick<RemoteFile, "sizeBytes" | "url"> | null,
): Receiving => {
  const offsetBytes = partial.durableBytes;
  const lengthBytes = remote === null ? offsetBytes : remote.sizeBytes;
  const contentLengthBytes = lengthBytes === null ? null : lengthBytes - offsetBytes;
  return {
    transfer,
    entry,
    file,
    partial,
    isKnown: true,
    sent: { offsetBytes, lengthBytes, isLast: true, contentLengthBytes, checksum: null },
    packaged: session.package ?? null,
    isPlain: false,
    pulled: { finalUrl: remote?.url ?? null },
  };
};

/**
 * Brings the bytes of a file that was taken up, by one request, and judges them as if they had been sent. Where all of them are here
 * already, and only the word of it was lost, nothing is asked for.
 */
export const pullOnce = async (core: PullCore, taken: Taken): Promise<void> => {
  const { file, partial } = taken;
  const signal = new CutSignal();
  if (partial.durableBytes > 0 && partial.lengthBytes === partial.durableBytes) {
    await receiveBytes(core, receivingOf(taken, partial, null), { source: NO_BYTES, signal });
    return;
  }
  const remote = await openFrom(core, taken);
  try {
    const { sizeBytes, body } = remote;
    const fault = sizeBytes === null ? null : (refuseAnnouncedSize(file, sizeBytes)?.fault ?? null);
    if (fault !== null) throw new Fault(fault);
    const noted = await noteSource(core, taken, remote);
    await receiveBytes(core, receivingOf(taken, noted, remote), { source: body, signal });
  } finally {
    remote.close();
  }
};
