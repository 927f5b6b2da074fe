import type { BigIntStats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { ByteSink, ByteSource, Pour } from "../../ports/index.ts";
import { RemoteError } from "../../ports/index.ts";
import type { Waiting } from "./in-time.ts";
import { inTime } from "./in-time.ts";

/** Bytes that are read at once. */
const CHUNK_BYTES = 256 * 1024;

/** Tells a file and a state of it from all others, in the form of a strong entity tag. */
export const validatorOf = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string =>
  `"${[dev, ino, size, mtimeNs, ctimeNs].map((part) => part.toString(36)).join("-")}"`;

/** A file that is open, and as it was then. */
export interface OpenedFile {
  readonly handle: Pick<FileHandle, "read" | "stat" | "close">;
  readonly sizeBytes: number;
  readonly validator: string;
}

/**
 * The bytes of an open file from an offset on. The last of them are handed on only once it is known that the file is still as it was
 * when it was opened: whoever has all of them has those of one state of it.
 */
export class FileBody implements ByteSource {
  readonly #file: OpenedFile;
  readonly #waiting: Waiting;
  readonly #buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #position: number;
  #isOver = false;
  #resumed: PromiseWithResolvers<void> | null = null;

  constructor(file: OpenedFile, startsAtBytes: number, waiting: Waiting) {
    this.#file = file;
    this.#position = startsAtBytes;
    this.#waiting = waiting;
  }

  pourInto(sink: ByteSink): Pour {
    const { signal } = this.#waiting;
    // A sink that holds the source back would else never hear of it.
    const onAbort = (): void => this.#resume();
    signal.addEventListener("abort", onAbort, { once: true });
    void this.#flow(sink).finally(() => {
      signal.removeEventListener("abort", onAbort);
      this.close();
    });
    return { resume: () => this.#resume(), stop: () => this.close() };
  }

  /** Ends the pour without a word. Closing twice is harmless. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#resume();
    // Nothing was written through it, so a failure to close it loses nothing; a read under way is waited for.
    this.#file.handle.close().catch(() => undefined);
  }

  get #isAtEnd(): boolean {
    return this.#position >= this.#file.sizeBytes;
  }

  #resume(): void {
    this.#resumed?.resolve();
    this.#resumed = null;
  }

  async #flow(sink: ByteSink): Promise<void> {
    try {
      if (this.#isAtEnd) await this.#expectUnchanged();
      while (!this.#isAtEnd) {
        const bytes = await this.#read();
        if (this.#isAtEnd) await this.#expectUnchanged();
        if (this.#isOver) return;
        await this.#deliver(sink, bytes);
        if (this.#isOver) return;
      }
    } catch (error) {
      if (!this.#isOver) sink.fail(error);
      return;
    }
    if (!this.#isOver) sink.end();
  }

  /** Resolves when the sink is done with the bytes. */
  async #deliver(sink: ByteSink, bytes: Uint8Array): Promise<void> {
    const resumed = Promise.withResolvers<void>();
    this.#resumed = resumed;
    if (sink.chunk(bytes)) this.#resumed = null;
    else await resumed.promise;
  }

  async #read(): Promise<Uint8Array> {
    const { handle, sizeBytes } = this.#file;
    const wanted = Math.min(CHUNK_BYTES, sizeBytes - this.#position);
    const { bytesRead } = await this.#asked(handle.read(this.#buffer, 0, wanted, this.#position));
    if (bytesRead === 0) throw this.#changed();
    this.#position += bytesRead;
    return this.#buffer.subarray(0, bytesRead);
  }

  async #expectUnchanged(): Promise<void> {
    const now = await this.#asked(this.#file.handle.stat({ bigint: true }));
    if (validatorOf(now) !== this.#file.validator) throw this.#changed();
  }

  /** What the system answers, its errors in the words of the port. */
  async #asked<Result>(answer: Promise<Result>): Promise<Result> {
    try {
      return await inTime(this.#waiting, answer);
    } catch (error) {
      throw error instanceof RemoteError ? error : this.#broken(error);
    }
  }

  #changed(): RemoteError {
    return new RemoteError(
      "changed",
      `${this.#waiting.told} was changed while it was read. Add the file again once nobody writes it.`,
    );
  }

  #broken(cause: unknown): RemoteError {
    const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    const sentence = `${this.#waiting.told} could not be read to its end${code}.`;
    return new RemoteError("connection", sentence, { cause });
  }
}
