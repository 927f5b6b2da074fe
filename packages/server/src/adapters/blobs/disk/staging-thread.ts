/*
 * The thread behind the worker engine: hashes and writes what it is sent and sends the buffer back. It never syncs, since the
 * main thread does that through Node's pool while this one goes on, and it never opens or closes a file.
 */
import { writeSync } from "node:fs";
import { parentPort } from "node:worker_threads";

import { RunningDigests } from "../running-digests.ts";
import { errorCodeOf } from "./file-errors.ts";
import type { FromStagingThread, ThreadError, ToStagingThread } from "./staging-messages.ts";

interface Transfer {
  readonly fd: number;
  readonly digests: RunningDigests;
  failed: boolean;
}

const port = parentPort;
if (port === null) throw new Error("This module runs as a worker thread.");

const transfers = new Map<number, Transfer>();

const send = (message: FromStagingThread, moved: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, [...moved]);

const writeFully = (fd: number, bytes: Uint8Array): void => {
  let offset = 0;
  while (offset < bytes.byteLength) {
    const writtenBytes = writeSync(fd, bytes, offset, bytes.byteLength - offset);
    if (writtenBytes === 0) throw new Error("The file takes no more bytes and does not say why.");
    offset += writtenBytes;
  }
};

const threadErrorOf = (error: unknown): ThreadError => {
  const code = errorCodeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return code === undefined ? { message } : { message, code };
};

const write = (id: number, buffer: ArrayBuffer, sizeBytes: number): void => {
  const transfer = transfers.get(id);
  if (transfer === undefined || transfer.failed) {
    return send({ kind: "returned", transfer: id, buffer, writtenBytes: 0 }, [buffer]);
  }
  try {
    const bytes = new Uint8Array(buffer, 0, sizeBytes);
    transfer.digests.update(bytes);
    writeFully(transfer.fd, bytes);
    send({ kind: "returned", transfer: id, buffer, writtenBytes: sizeBytes }, [buffer]);
  } catch (error) {
    transfer.failed = true;
    send({ kind: "returned", transfer: id, buffer, writtenBytes: 0, error: threadErrorOf(error) }, [
      buffer,
    ]);
  }
};

const finish = (id: number): void => {
  const transfer = transfers.get(id);
  if (transfer === undefined || transfer.failed) return;
  send({ kind: "finished", transfer: id, digests: [...transfer.digests.finish()] });
};

port.on("message", (message: ToStagingThread) => {
  switch (message.kind) {
    case "open":
      transfers.set(message.transfer, {
        fd: message.fd,
        digests: new RunningDigests(message.algorithms),
        failed: false,
      });
      return;
    case "write":
      return write(message.transfer, message.buffer, message.sizeBytes);
    case "finish":
      return finish(message.transfer);
    case "close":
      transfers.delete(message.transfer);
      return send({ kind: "closed", transfer: message.transfer });
  }
});

send({ kind: "ready" });
