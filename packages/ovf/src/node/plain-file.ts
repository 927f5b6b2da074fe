import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** A path that is no plain file: a directory, a pipe, a device. */
export class NoPlainFileError extends Error {
  override readonly name = "NoPlainFileError";
  readonly path: string;

  constructor(path: string) {
    super(`${path} is no plain file.`);
    this.path = path;
  }
}

/** A file that changed while it was read: what was found is true of none of its states. */
export class FileChangedError extends Error {
  override readonly name = "FileChangedError";
  readonly path: string;

  constructor(path: string) {
    super(`${path} was changed while it was read.`);
    this.path = path;
  }
}

/** A plain file that is open for reading. */
export class PlainFile implements AsyncDisposable {
  readonly path: string;
  /** As it was when the file was opened. */
  readonly sizeBytes: number;
  readonly #handle: FileHandle;
  readonly #changedMs: number;

  private constructor(path: string, handle: FileHandle, at: { size: number; mtimeMs: number }) {
    this.path = path;
    this.#handle = handle;
    this.sizeBytes = at.size;
    this.#changedMs = at.mtimeMs;
  }

  /** Opens a file. Throws NoPlainFileError, and what the system says, such as ENOENT. */
  static async open(path: string): Promise<PlainFile> {
    // Without waiting: a pipe that nobody writes to would hold us up for ever.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw new NoPlainFileError(path);
      return new PlainFile(path, handle, stats);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Reads into a buffer from a place on, as much as there is, and answers the bytes. */
  async readAt(buffer: Uint8Array, offset: number): Promise<Uint8Array> {
    const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, offset);
    return buffer.subarray(0, bytesRead);
  }

  /** Throws FileChangedError if the file is not the one any more that was opened. */
  async checkUnchanged(): Promise<void> {
    const { size, mtimeMs } = await this.#handle.stat();
    if (size !== this.sizeBytes || mtimeMs !== this.#changedMs)
      throw new FileChangedError(this.path);
  }

  /** Throws FileChangedError if it was another when it was opened before, be that closed or not. */
  checkSame(before: PlainFile): void {
    if (before.sizeBytes !== this.sizeBytes || before.#changedMs !== this.#changedMs)
      throw new FileChangedError(this.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}
