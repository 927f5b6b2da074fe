import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

/** How much of a file is read at once, in bytes. */
export const READ_CHUNK_BYTES = 1024 * 1024;
/** One piece is being sent, the next one stands ready, and one more is being read. */
const PIECES_AT_ONCE = 3;

/** Bytes of a file in memory that is used again: they stand only until they are released. */
export interface Piece {
  readonly bytes: Buffer;
  /** Says that nobody looks at the bytes any more. */
  readonly release: () => void;
}

/** Which bytes are read. */
export interface ReadRange {
  readonly fromBytes: number;
  /** Where reading stops; the end of the file when absent. */
  readonly toBytes?: number;
  /** Aborts when nobody wants the bytes any more; a read that waits is broken off. */
  readonly signal: AbortSignal;
}

/**
 * The bytes of a regular file, read one piece ahead into a few buffers that go round: buffers of their own would have to be
 * collected, and until that happens a long file takes many times the memory. `sizeBytes` is what the file is thought to have;
 * all that it has is read. Throws the error of the file system, or the reason of the abort.
 */
export async function* filePieces(
  path: string,
  sizeBytes: number,
  range: ReadRange,
): AsyncGenerator<Piece, void, undefined> {
  const { signal } = range;
  signal.throwIfAborted();
  const file = await open(path, "r");
  const round = new PieceRound(file, sizeBytes, range);
  try {
    let next = round.next();
    for (;;) {
      const piece = await orAborted(next, signal);
      if (piece === null) return;
      next = round.next();
      // It is awaited only if it is asked for.
      next.catch(() => undefined);
      yield piece;
    }
  } finally {
    const closed = file.close();
    // Closing waits for a read that is under way, and nobody who gave up shall wait for that.
    if (signal.aborted) closed.catch(() => undefined);
    else await closed;
  }
}

interface Slot {
  readonly buffer: Buffer;
  readonly free: Promise<void>;
}

/** Reads on into whichever buffer has been free for the longest time. */
class PieceRound {
  readonly #file: FileHandle;
  readonly #bufferBytes: number;
  readonly #sizeBytes: number;
  #endBytes: number;
  readonly #slots: Slot[] = [];
  #at: number;

  constructor(file: FileHandle, sizeBytes: number, { fromBytes, toBytes = Infinity }: ReadRange) {
    this.#file = file;
    this.#at = fromBytes;
    this.#endBytes = toBytes;
    this.#sizeBytes = sizeBytes;
    // One more than there should be, so that a small file which grew shows it in its first piece.
    const wantedBytes = Math.min(sizeBytes + 1, toBytes) - fromBytes;
    this.#bufferBytes = Math.min(READ_CHUNK_BYTES, Math.max(1, wantedBytes));
  }

  /** Null at the end. Called again only after the one before has resolved. */
  async next(): Promise<Piece | null> {
    const isFull = this.#slots.length === PIECES_AT_ONCE;
    const oldest = isFull ? this.#slots.shift() : undefined;
    await oldest?.free;
    const buffer = oldest?.buffer ?? Buffer.allocUnsafeSlow(this.#bufferBytes);
    const lengthBytes = Math.min(buffer.length, this.#endBytes - this.#at);
    if (lengthBytes <= 0) return null;
    const { bytesRead } = await this.#file.read(buffer, 0, lengthBytes, this.#at);
    if (bytesRead === 0) return null;
    this.#at += bytesRead;
    // Less than asked for, just where the end should be: it is not looked for once more.
    if (bytesRead < lengthBytes && this.#at === this.#sizeBytes) this.#endBytes = this.#at;
    const { promise: free, resolve: release } = Promise.withResolvers<void>();
    this.#slots.push({ buffer, free });
    return { bytes: buffer.subarray(0, bytesRead), release };
  }
}

/** What the work gives, or the reason of the abort as soon as that comes. */
async function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
