import type { FaultValue } from "@contentlib/contract/vocabulary";
import { faultOf, messageOf } from "@contentlib/contract/vocabulary";
import type { EntryId, UpdateSessionId } from "../../domain/ids.ts";
import type { Received } from "../../domain/session-file/receive.ts";
import { judge, refuseExcess, spoil, wantedAlgorithms } from "../../domain/session-file/receive.ts";
import type { PushedFile } from "../../domain/update-session.ts";
import type { ByteSource, CancelSignal, StagedBlob, StageOutcome } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import { Fault } from "../fault.ts";
import type { CutReason, LiveTransfer } from "../live-transfers.ts";
import { releaseStaged } from "../release-staged.ts";
import type { UploadCore } from "./upload-target.ts";
import { recordReceipt } from "./upload-target.ts";

/** An upload that was let in, and the bytes that come. */
export interface Receiving {
  readonly transfer: LiveTransfer;
  readonly sessionId: UpdateSessionId;
  readonly entryId: EntryId;
  readonly file: PushedFile;
  readonly source: ByteSource;
  /** Aborts when the client is gone. */
  readonly signal: CancelSignal;
  /** The size announced or declared, null where neither is known. */
  readonly expectedSizeBytes: number | null;
}

const cutFault = (fileName: string, reason: CutReason): FaultValue => {
  switch (reason.kind) {
    case "superseded":
      return faultOf("transfer.superseded", fileName);
    case "session-ended":
      return reason.why === undefined
        ? faultOf("transfer.session_ended", reason.state)
        : faultOf("transfer.cut", fileName, reason.why);
    case "removed":
      return faultOf("transfer.cut", fileName, "the file was removed, or added again");
    case "client-gone":
      return faultOf("transfer.cut", fileName, "the client went away");
    case "shutdown":
      return faultOf(
        "transfer.cut",
        fileName,
        "the server is shutting down; send the file again later",
      );
  }
};

const cutBy = (transfer: LiveTransfer): CutReason =>
  transfer.signal.reason ?? { kind: "client-gone" };

/** Bytes are activity: of the transfer, of its session, and of its owner's logins. */
const noteProgress = (core: UploadCore, transfer: LiveTransfer, receivedBytes: number): void => {
  transfer.phase = "moving";
  core.live.noteMoved(transfer, receivedBytes, core.time.now());
  core.logins.noteBytes(transfer.ownerId, transfer.lastByteAt);
};

const stage = async (core: UploadCore, receiving: Receiving): Promise<StageOutcome> => {
  const { transfer, file, source, signal, expectedSizeBytes } = receiving;
  const onClientGone = (): void => transfer.signal.cut({ kind: "client-gone" });
  signal.addEventListener("abort", onClientGone, { once: true });
  const stagedId = core.ids.stagedId();
  transfer.stagedId = stagedId;
  try {
    return await core.blobs.stage(stagedId, source, {
      algorithms: wantedAlgorithms(file),
      ...(file.declaredSizeBytes === undefined ? {} : { sizeLimitBytes: file.declaredSizeBytes }),
      ...(expectedSizeBytes === null ? {} : { expectedSizeBytes }),
      signal: transfer.signal,
      onProgress: (receivedBytes) => noteProgress(core, transfer, receivedBytes),
    });
  } finally {
    signal.removeEventListener("abort", onClientGone);
  }
};

/** Records the verdict under the session's lock: a newer writer, or an end of the session, has either come before or comes after. */
const recordVerdict = async (
  core: UploadCore,
  receiving: Receiving,
  decide: (file: PushedFile) => Received,
): Promise<void> => {
  const { transfer, sessionId, entryId } = receiving;
  const received = await core.exclusive.run(sessionId, async () => {
    if (transfer.signal.aborted) throw new Fault(cutFault(receiving.file.name, cutBy(transfer)));
    const verdict = await recordReceipt(core, sessionId, entryId, decide);
    core.live.leave(transfer);
    return verdict;
  });
  await releaseStaged(core, received.release);
  if (received.fault !== null) throw new Fault(received.fault);
};

const keep = async (core: UploadCore, receiving: Receiving, blob: StagedBlob): Promise<void> => {
  receiving.transfer.phase = "validating";
  try {
    await recordVerdict(core, receiving, (file) => judge(file, blob));
  } catch (error) {
    // Releasing what a verdict already released does no harm; what no verdict knows of must go here.
    await releaseStaged(core, [blob.stagedId]);
    throw error;
  }
};

const failOnFullStorage = async (
  core: UploadCore,
  receiving: Receiving,
  cause: PortError,
): Promise<never> => {
  const fault = faultOf("server.storage_full", receiving.file.name);
  const { bytes } = receiving.transfer;
  await recordVerdict(core, receiving, (file) => ({
    ...spoil(file, messageOf(fault), bytes),
    fault: null,
  }));
  throw new Fault(fault, cause);
};

const settle = async (
  core: UploadCore,
  receiving: Receiving,
  outcome: StageOutcome,
): Promise<void> => {
  const { name } = receiving.file;
  switch (outcome.kind) {
    case "staged":
      return keep(core, receiving, outcome.blob);
    case "too-long":
      return recordVerdict(core, receiving, (file) => refuseExcess(file, outcome.receivedBytes));
    case "interrupted":
      throw new Fault(
        faultOf("transfer.interrupted", name, String(outcome.receivedBytes)),
        outcome.reason,
      );
    case "cancelled":
      throw new Fault(cutFault(name, cutBy(receiving.transfer)));
  }
};

/**
 * Takes the bytes of one file: staged while they are hashed, judged against what was declared, and recorded. It resolves only
 * when the bytes are safe and the catalog says READY.
 */
export const receiveFile = async (core: UploadCore, receiving: Receiving): Promise<void> => {
  const { transfer, sessionId, file } = receiving;
  const startedMs = core.clock.monotonicMs();
  let outcome = "failed";
  try {
    await settle(core, receiving, await stage(core, receiving));
    outcome = "ready";
  } catch (error) {
    if (error instanceof Fault) outcome = error.code;
    if (!(error instanceof PortError) || error.kind !== "full") throw error;
    outcome = "server.storage_full";
    await failOnFullStorage(core, receiving, error);
  } finally {
    core.live.leave(transfer);
    core.journal.transferEnded({
      sessionId,
      fileName: file.name,
      direction: "upload",
      outcome,
      sizeBytes: transfer.bytes,
      durationMs: core.clock.monotonicMs() - startedMs,
    });
  }
};
