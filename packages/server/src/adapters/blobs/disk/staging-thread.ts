/*
 * The thread behind the worker engine: hashes and writes what it is sent and sends the buffer back, and reads and hashes what
 * stands in a file already. It never syncs, since the main thread does that through Node's pool while this one goes on, and it
 * never opens or closes a file. With the duty for archives it has no transfers, and finds out what archives in files hold.
 */
import { readSync, writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";

import type { RunningArchive } from "../running-archive.ts";
import { PieceDigest, RewindableDigests } from "../running-digests.ts";
import { errorCodeOf } from "./file-errors.ts";
import type {
  FromStagingThread,
  RunningKind,
  StagingDuty,
  ThreadAnswer,
  ThreadError,
  ThreadQuestion,
  ToStagingThread,
} from "./staging-messages.ts";

interface Transfer {
  readonly fd: number;
  readonly digestsId: number;
  readonly digests: RewindableDigests;
  readonly piece: PieceDigest | null;
  positionBytes: number;
  failed: boolean;
}

const port = parentPort;
if (port === null) throw new Error("This module runs as a worker thread.");

const duty: StagingDuty = workerData;

/** What reads archives takes memory, so that only a thread that does has it. */
const archives = duty === "archives" ? await import("../running-archive.ts") : null;

const READ_BUFFER_BYTES = 256 * 1024;

type Running = RewindableDigests | RunningArchive;

const kept = new Map<number, Running>();
const transfers = new Map<number, Transfer>();
let readBuffer: Uint8Array | null = null;

const send = (message: FromStagingThread, moved: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, [...moved]);

const writeFully = (fd: number, bytes: Uint8Array, position: number): void => {
  let offset = 0;
  while (offset < bytes.byteLength) {
    const rest = bytes.byteLength - offset;
    const writtenBytes = writeSync(fd, bytes, offset, rest, position + offset);
    if (writtenBytes === 0) throw new Error("The file takes no more bytes and does not say why.");
    offset += writtenBytes;
  }
};

const threadErrorOf = (error: unknown): ThreadError => {
  const code = errorCodeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return code === undefined ? { message } : { message, code };
};

const begun = (of: RunningKind): Running => {
  if (of.kind === "digests") return new RewindableDigests(of.algorithms);
  if (archives === null) throw new Error("This thread has no duty for archives.");
  return archives.RunningArchive.begin();
};

const runningOf = (id: number): Running => {
  const running = kept.get(id);
  if (running === undefined) throw new Error("What ran over the bytes was forgotten.");
  return running;
};

const digestsOf = (id: number): RewindableDigests => {
  const running = runningOf(id);
  if (running instanceof RewindableDigests) return running;
  throw new Error("These are no digests.");
};

const archiveOf = (id: number): RunningArchive => {
  const running = runningOf(id);
  if (running instanceof RewindableDigests) throw new Error("This is no archive.");
  return running;
};

const open = (message: Extract<ToStagingThread, { kind: "open" }>): void => {
  const { fd, pieceAlgorithm } = message;
  const digests = digestsOf(message.digests);
  digests.begin();
  transfers.set(message.transfer, {
    fd,
    digestsId: message.digests,
    digests,
    piece: pieceAlgorithm === null ? null : new PieceDigest(pieceAlgorithm),
    positionBytes: message.startBytes,
    failed: false,
  });
};

const write = (id: number, buffer: ArrayBuffer, sizeBytes: number): void => {
  const transfer = transfers.get(id);
  if (transfer === undefined || transfer.failed) {
    return send({ kind: "returned", transfer: id, buffer, writtenBytes: 0 }, [buffer]);
  }
  try {
    const bytes = new Uint8Array(buffer, 0, sizeBytes);
    transfer.digests.update(bytes);
    transfer.piece?.update(bytes);
    writeFully(transfer.fd, bytes, transfer.positionBytes);
    transfer.positionBytes += sizeBytes;
    send({ kind: "returned", transfer: id, buffer, writtenBytes: sizeBytes }, [buffer]);
  } catch (error) {
    transfer.failed = true;
    send({ kind: "returned", transfer: id, buffer, writtenBytes: 0, error: threadErrorOf(error) }, [
      buffer,
    ]);
  }
};

const close = (id: number, keptBytes: number | null): void => {
  const transfer = transfers.get(id);
  transfers.delete(id);
  const isKept = keptBytes !== null && transfer?.digests.standAt(keptBytes) === true;
  if (transfer !== undefined && !isKept) kept.delete(transfer.digestsId);
  send({ kind: "closed", transfer: id, isKept });
};

const readOn = ({
  running: id,
  fd,
  startBytes,
  endBytes,
}: Extract<ThreadQuestion, { kind: "read" }>): ThreadAnswer => {
  const running = runningOf(id);
  readBuffer ??= new Uint8Array(READ_BUFFER_BYTES);
  while (running.atBytes < endBytes) {
    const wantedBytes = Math.min(READ_BUFFER_BYTES, endBytes - running.atBytes);
    const position = startBytes + running.atBytes;
    const readBytes = readSync(fd, readBuffer, 0, wantedBytes, position);
    if (readBytes === 0) break;
    running.update(readBuffer.subarray(0, readBytes));
  }
  const heldBytes = running instanceof RewindableDigests ? 0 : running.heldBytes;
  return { kind: "read", atBytes: running.atBytes, heldBytes };
};

const answerTo = (question: ThreadQuestion): ThreadAnswer => {
  switch (question.kind) {
    case "digests":
      return { kind: "digests", digests: [...digestsOf(question.running).digests()] };
    case "archive":
      return { kind: "archive", contents: archiveOf(question.running).contents() };
    case "piece":
      return { kind: "piece", hex: transfers.get(question.transfer)?.piece?.hex() ?? "" };
    case "read":
      return readOn(question);
  }
};

const answerOrFail = (question: ThreadQuestion): ThreadAnswer => {
  try {
    return answerTo(question);
  } catch (error) {
    return { kind: "failed", error: threadErrorOf(error) };
  }
};

port.on("message", (message: ToStagingThread) => {
  switch (message.kind) {
    case "begin":
      kept.set(message.running, begun(message.of));
      return;
    case "open":
      return open(message);
    case "write":
      return write(message.transfer, message.buffer, message.sizeBytes);
    case "close":
      return close(message.transfer, message.keptBytes);
    case "forget":
      kept.delete(message.running);
      return;
    case "ask":
      return send({ kind: "answered", ask: message.ask, answer: answerOrFail(message.question) });
  }
});

send({ kind: "ready" });
