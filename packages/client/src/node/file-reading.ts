import { createHash } from "node:crypto";
import { createReadStream, open } from "node:fs";
import { stat } from "node:fs/promises";
import { Socket } from "node:net";
import { addAbortSignal } from "node:stream";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { READ_CHUNK_BYTES, filePieces } from "./file-pieces.ts";
import type { Piece, ReadRange } from "./file-pieces.ts";
import type { SendRequest } from "../upload-source.ts";
import { fileStamp, isSameStamp, unsettledMs } from "./file-stamp.ts";
import type { FileStamp } from "./file-stamp.ts";

/** A file as it was when it was first looked at. */
export interface ReadFile {
  readonly path: string;
  /** Undefined for a pipe, whose end only reading tells. */
  readonly sizeBytes: number | undefined;
}

/**
 * The reading of a file for one upload, through which the file must stay as it is. Each byte goes into the SHA-256 when it is read for the first time, in order, however
 * often the reading begins again further ahead: so a file that goes on where it broke off is hashed without an extra pass.
 */
export class FileReading {
  readonly #file: ReadFile;
  readonly #hash = createHash("sha256");
  #hashedBytes = 0;
  /** The file as it was when reading began. */
  #stamp: FileStamp | undefined;

  constructor(file: ReadFile) {
    this.#file = file;
  }

  /** SHA-256 of all that was read, in lower-case hexadecimal digits; null unless these are so many bytes. */
  digestAfter(bytes: number): string | null {
    return bytes === this.#hashedBytes ? this.#hash.copy().digest("hex") : null;
  }

  /** SHA-256 of all that was read, whatever it was. */
  digest(): string {
    return this.#hash.copy().digest("hex");
  }

  /** Reads as far as the offset what was not read yet, for the digest alone. Throws where the file has changed. */
  async advanceTo(offsetBytes: number, signal: AbortSignal): Promise<void> {
    if (offsetBytes <= this.#hashedBytes) return;
    const range = { fromBytes: this.#hashedBytes, toBytes: offsetBytes, signal };
    for await (const piece of this.read(range)) {
      piece.release();
      signal.throwIfAborted();
    }
  }

  /**
   * The bytes of the range. The last piece of a file is given only once the file is known to end there, and to be the one that was
   * begun: a server answers as soon as it has the bytes it was told of, and must not take part of a file that grew for the whole,
   * nor one that is half old and half new.
   */
  async *read(range: ReadRange): AsyncGenerator<Piece, void, undefined> {
    await this.#requireUnchanged();
    let at = range.fromBytes;
    const { sizeBytes } = this.#file;
    const isToEnd = range.toBytes === undefined && sizeBytes !== undefined;
    for await (const piece of isToEnd ? this.#readToEnd(range, sizeBytes) : this.#pieces(range)) {
      this.#note(piece.bytes, at);
      yield piece;
      at += piece.bytes.byteLength;
    }
    if (!isToEnd) await this.#requireUnchanged();
  }

  /** Waits, before reading begins, until no change can hide in the step of the clock in which the file was changed last. */
  async settle({ system, signal }: Pick<SendRequest, "signal" | "system">): Promise<void> {
    if (this.#stamp !== undefined || this.#file.sizeBytes === undefined) return;
    const stamp = await fileStamp(this.#file.path);
    const pauseMs = unsettledMs(stamp, system.now());
    if (pauseMs > 0) await system.sleep(pauseMs, signal);
    else this.#stamp = stamp;
  }

  #note(chunk: Buffer, at: number): void {
    const fresh = at + chunk.byteLength - this.#hashedBytes;
    if (fresh <= 0) return;
    this.#hash.update(chunk.subarray(chunk.byteLength - fresh));
    this.#hashedBytes += fresh;
  }

  async *#readToEnd(range: ReadRange, sizeBytes: number): AsyncGenerator<Piece, void, undefined> {
    let foundBytes = range.fromBytes;
    let held: Piece | undefined;
    for await (const piece of this.#pieces(range)) {
      foundBytes += piece.bytes.byteLength;
      if (foundBytes > sizeBytes) throw changed(this.#file.path, "its size ");
      if (held !== undefined) yield held;
      held = piece;
    }
    if (foundBytes !== sizeBytes) throw changed(this.#file.path, "its size ");
    await this.#requireUnchanged();
    if (held !== undefined) yield held;
  }

  async *#pieces(range: ReadRange): AsyncGenerator<Piece, void, undefined> {
    const { path, sizeBytes } = this.#file;
    if (sizeBytes === undefined) yield* streamPieces(path, range.signal);
    else yield* filePieces(path, sizeBytes, range);
  }

  /** What is read counts only while the file is the same. What has no size is read only once. */
  async #requireUnchanged(): Promise<void> {
    const { path, sizeBytes } = this.#file;
    if (sizeBytes === undefined) return;
    const stamp = await fileStamp(path).catch((error: unknown) => {
      // Somebody put it away, to put another in its place.
      if (this.#stamp === undefined) throw error;
      throw changed(path, "", error);
    });
    this.#stamp ??= stamp;
    if (!isSameStamp(this.#stamp, stamp)) throw changed(path, "");
  }
}

/** The bytes of what has no size, to its end. */
async function* streamPieces(
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Piece, void, undefined> {
  for await (const chunk of addAbortSignal(signal, await openStream(path))) {
    const bytes: Buffer = chunk;
    yield { bytes, release: () => undefined };
  }
}

/** A pipe is read as a socket: a blocked read of a file can not be broken off, and would hold the process. */
async function openStream(path: string): Promise<Readable> {
  if (!(await stat(path)).isFIFO())
    return createReadStream(path, { highWaterMark: READ_CHUNK_BYTES });
  const fd = await promisify(open)(path, "r");
  return new Socket({ fd, readable: true, writable: false });
}

const changed = (path: string, what: string, cause?: unknown): Error =>
  new Error(
    `${path} changed ${what}while it was being sent.`,
    cause === undefined ? {} : { cause },
  );
