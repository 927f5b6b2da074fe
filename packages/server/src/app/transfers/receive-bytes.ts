import type { AppendOutcome, ByteSource, CancelSignal } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import type { UploadProgress } from "../app.ts";
import { Fault } from "../fault.ts";
import type { Receiving } from "./receiving.ts";
import { ReceptionEnd } from "./reception-end.ts";
import type { UploadCore } from "./upload-target.ts";
import { wantedOf } from "./wanted-of.ts";

/** Bytes on their way in. */
interface Flow {
  readonly source: ByteSource;
  readonly signal: CancelSignal;
}

/**
 * Bytes are activity: of the transfer, of its session, and of its owner's logins. What the server pulls by itself tells nothing of
 * whether the owner is still there. (S29, S104)
 */
const noteProgress = (
  core: UploadCore,
  { transfer, pulled }: Receiving,
  receivedBytes: number,
): void => {
  transfer.phase = "moving";
  core.live.noteMoved(transfer, receivedBytes, core.time.now());
  if (pulled === undefined) core.logins.noteBytes(transfer.ownerId, transfer.lastByteAt);
};

const append = async (
  core: UploadCore,
  receiving: Receiving,
  { source, end }: { readonly source: ByteSource; readonly end: ReceptionEnd },
): Promise<AppendOutcome> => {
  const { transfer, file, partial, packaged, sent, isPlain } = receiving;
  const { offsetBytes, contentLengthBytes, checksum } = sent;
  const { lengthBytes } = end;
  const announced = contentLengthBytes === null ? null : offsetBytes + contentLengthBytes;
  const expectedSizeBytes = lengthBytes ?? announced;
  try {
    return await core.blobs.partials.append(partial.stagedId, source, {
      offsetBytes,
      ...wantedOf(core, file, packaged),
      ...(lengthBytes === null ? {} : { sizeLimitBytes: lengthBytes }),
      ...(expectedSizeBytes === null ? {} : { expectedSizeBytes }),
      ...(checksum === null ? {} : { checksum }),
      finishes: isPlain,
      signal: transfer.signal,
      onProgress: (receivedBytes) => noteProgress(core, receiving, receivedBytes),
      onDurable: (durableBytes) => end.noteDurable(durableBytes),
    });
  } catch (error) {
    const isAllHere = error instanceof PortError && error.kind === "exists";
    if (!isAllHere || offsetBytes !== lengthBytes) throw error;
    // An earlier writer had finished them, and was cut before it could say so.
    return { kind: "appended", durableBytes: offsetBytes, sizeBytes: offsetBytes };
  }
};

const run = async (
  core: UploadCore,
  receiving: Receiving,
  { source, signal }: Flow,
): Promise<UploadProgress> => {
  const end = new ReceptionEnd(core, receiving);
  const onClientGone = (): void => receiving.transfer.signal.cut({ kind: "client-gone" });
  signal.addEventListener("abort", onClientGone, { once: true });
  try {
    const outcome = await append(core, receiving, { source, end }).catch(async (error: unknown) => {
      throw await end.explain(error);
    });
    return await end.settle(outcome);
  } finally {
    signal.removeEventListener("abort", onClientGone);
  }
};

/**
 * Takes the bytes of one request: appended while they are hashed, and, once the file is whole, judged against what was declared
 * and recorded. It resolves only when the bytes are safe and the catalog says so.
 */
export const receiveBytes = async (
  core: UploadCore,
  receiving: Receiving,
  flow: Flow,
): Promise<UploadProgress> => {
  const { transfer, entry, file } = receiving;
  const startedMs = core.clock.monotonicMs();
  let outcome = "failed";
  // Those that were here before were counted as moved by whoever sent them.
  transfer.bytes = receiving.sent.offsetBytes;
  try {
    const progress = await run(core, receiving, flow);
    outcome = progress.isComplete ? "ready" : "appended";
    return progress;
  } catch (error) {
    if (error instanceof Fault) outcome = error.code;
    throw error;
  } finally {
    core.live.leave(transfer);
    core.journal.transferEnded({
      sessionId: entry.sessionId,
      fileName: file.name,
      direction: "upload",
      outcome,
      sizeBytes: Math.max(0, transfer.bytes - receiving.sent.offsetBytes),
      durationMs: core.clock.monotonicMs() - startedMs,
    });
  }
};
