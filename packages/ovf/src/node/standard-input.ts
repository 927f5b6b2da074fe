import { fstatSync, read } from "node:fs";
import { Socket } from "node:net";
import { promisify } from "node:util";

const STANDARD_INPUT = 0;
/** Bytes of one read; a pipe seldom has more. */
const PIECE_BYTES = 256 * 1024;

const readInto = promisify(read);

/**
 * The bytes of the standard input, in one buffer that is used again: each piece is valid until the next is asked for. A stream
 * makes a buffer for each piece, which stay until they are collected, and together take more memory than all that reads them.
 * Nothing else may read the standard input of the process. Rejects with the reason of the signal, also while nothing comes.
 */
export function standardInput(signal: AbortSignal): AsyncIterable<Uint8Array> {
  const facts = fstatSync(STANDARD_INPUT);
  if (facts.isFile()) return piecesOfFile();
  return facts.isFIFO() || facts.isSocket() ? piecesOfPipe(signal) : piecesOfStream(signal);
}

async function* piecesOfFile(): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
  for (;;) {
    const { bytesRead } = await readInto(STANDARD_INPUT, buffer, 0, buffer.length, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** What a pipe has come to, of which somebody is told as soon as he asks. */
interface Arrived {
  readonly bytesRead: number;
}

async function* piecesOfPipe(signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
  let arriving = Promise.withResolvers<Arrived>();
  const callback = (bytesRead: number): boolean => {
    arriving.resolve({ bytesRead });
    // The buffer is written to again only when its bytes have been taken.
    return false;
  };
  const socket = new Socket({
    fd: STANDARD_INPUT,
    readable: true,
    writable: false,
    signal,
    onread: { buffer, callback },
  });
  socket.on("end", () => arriving.resolve({ bytesRead: 0 }));
  socket.on("error", (error) => arriving.reject(signal.aborted ? signal.reason : error));
  try {
    for (;;) {
      socket.resume();
      const { bytesRead } = await arriving.promise;
      if (bytesRead === 0) return;
      arriving = Promise.withResolvers();
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    // Whoever stops waiting has heard why already.
    arriving.promise.catch(() => undefined);
    socket.destroy();
  }
}

async function* piecesOfStream(signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const { stdin } = process;
  const stop = (): void => void stdin.destroy(signal.reason as Error);
  signal.addEventListener("abort", stop, { once: true });
  try {
    yield* stdin as AsyncIterable<Buffer>;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
