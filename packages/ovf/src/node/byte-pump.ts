import { FileChangedError, type PlainFile } from "./plain-file.ts";

/** Bytes of one read: large enough that a read costs little beside its bytes. */
const PIECE_BYTES = 1024 * 1024;

/** A stretch of a file. */
export interface ByteRange {
  readonly offset: number;
  readonly sizeBytes: number;
}

/** What takes bytes in order; a view is valid until the call returns. */
export type TakeBytes = (bytes: Uint8Array) => void;

/** Reads files in large pieces with the same two buffers: while one piece is taken, the next is being read. */
export class BytePump {
  readonly #signal: AbortSignal | undefined;
  readonly #buffers = [
    Buffer.allocUnsafeSlow(PIECE_BYTES),
    Buffer.allocUnsafeSlow(PIECE_BYTES),
  ] as const;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Hands over the bytes of a stretch. Rejects with the reason of the signal, and where the file has become shorter. */
  async pump(file: PlainFile, { offset, sizeBytes }: ByteRange, take: TakeBytes): Promise<void> {
    const end = offset + sizeBytes;
    let [buffer, other]: readonly [Buffer, Buffer] = this.#buffers;
    let at = offset;
    let next = this.#read(file, { offset: at, sizeBytes: end - at }, buffer);
    while (at < end) {
      const piece = await next;
      if (piece.length === 0) throw new FileChangedError(file.path);
      at += piece.length;
      [buffer, other] = [other, buffer];
      next = this.#read(file, { offset: at, sizeBytes: end - at }, buffer);
      // What fails while this piece is taken is told when the next one is awaited.
      next.catch(() => undefined);
      try {
        this.#signal?.throwIfAborted();
        take(piece);
      } catch (error) {
        // The buffers are free again only after it.
        await next.catch(() => undefined);
        throw error;
      }
    }
  }

  /** The first bytes of a stretch, at most a mebibyte, in a buffer that the next reading writes over. */
  async readOnce(file: PlainFile, range: ByteRange): Promise<Uint8Array> {
    this.#signal?.throwIfAborted();
    return await this.#read(file, range, this.#buffers[0]);
  }

  async #read(
    file: PlainFile,
    { offset, sizeBytes }: ByteRange,
    buffer: Buffer,
  ): Promise<Uint8Array> {
    const bytes = Math.min(buffer.length, sizeBytes);
    return bytes <= 0 ? new Uint8Array() : await file.readAt(buffer.subarray(0, bytes), offset);
  }
}
