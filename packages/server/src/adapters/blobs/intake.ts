/*
 * One transfer on its way in. Exactly one of these ends it:
 *
 *   source ends      -> complete
 *   too many bytes   -> too-long
 *   source breaks    -> interrupted
 *   signal aborts    -> cancelled
 *   writer fails     -> broken
 *
 * From then on the writer gets no more bytes. The source is stopped by the owner, once the writer has let go of its chunk.
 */
import type { ByteSink, ByteSource, Pour } from "../../ports/blob-store.ts";
import type { CancelSignal } from "../../ports/clock.ts";

/** Keeps the bytes of one transfer. */
export interface ByteWriter {
  /**
   * Takes a chunk. False means that the source must pause until `WriterEvents.onDrain`, which is never called from within
   * `write`; until then the chunk belongs to the writer.
   */
  write(bytes: Uint8Array): boolean;
}

/** What a writer tells the intake, outside of its calls. */
export interface WriterEvents {
  onDrain(): void;
  /** The writer can take no more bytes. */
  onFailure(error: unknown): void;
}

export interface IntakeOptions {
  /** Bytes that were there before; they count for the progress and the limit. */
  readonly offsetBytes: number;
  readonly sizeLimitBytes?: number | undefined;
  readonly signal: CancelSignal;
  readonly onProgress: (receivedBytes: number) => void;
}

/** Why no more bytes come. */
export type IntakeEnd =
  | { readonly kind: "complete" }
  | { readonly kind: "too-long" }
  | { readonly kind: "interrupted"; readonly reason: unknown }
  | { readonly kind: "cancelled" }
  | { readonly kind: "broken"; readonly error: unknown };

export class Intake implements ByteSink, WriterEvents {
  readonly #options: IntakeOptions;
  readonly #end = Promise.withResolvers<IntakeEnd>();
  readonly #onAbort = (): void => this.#settle({ kind: "cancelled" });
  #writer: ByteWriter | null = null;
  #pour: Pour | null = null;
  #receivedBytes: number;
  #ended: IntakeEnd | null = null;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#receivedBytes = options.offsetBytes;
    if (options.signal.aborted) this.#onAbort();
    else options.signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** With those that were there before, and those that were too many. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Lets the source flow into the writer until one of the ends is reached. */
  async run(source: ByteSource, writer: ByteWriter): Promise<IntakeEnd> {
    this.#writer = writer;
    if (this.#ended === null) this.#pour = source.pourInto(this);
    return await this.#end.promise;
  }

  /** Stops the source, unless it came to its end by itself. */
  stop(): void {
    this.#settle({ kind: "cancelled" });
    const kind = this.#ended?.kind;
    if (kind !== "complete" && kind !== "interrupted") this.#pour?.stop();
  }

  chunk(bytes: Uint8Array): boolean {
    if (this.#ended !== null || this.#writer === null) return false;
    this.#receivedBytes += bytes.byteLength;
    const limit = this.#options.sizeLimitBytes;
    if (limit !== undefined && this.#receivedBytes > limit) {
      this.#settle({ kind: "too-long" });
      return false;
    }
    this.#options.onProgress(this.#receivedBytes);
    return this.#writer.write(bytes);
  }

  end(): void {
    this.#settle({ kind: "complete" });
  }

  fail(reason: unknown): void {
    this.#settle({ kind: "interrupted", reason });
  }

  onDrain(): void {
    if (this.#ended === null) this.#pour?.resume();
  }

  onFailure(error: unknown): void {
    this.#settle({ kind: "broken", error });
  }

  #settle(end: IntakeEnd): void {
    if (this.#ended !== null) return;
    this.#ended = end;
    this.#options.signal.removeEventListener("abort", this.#onAbort);
    this.#end.resolve(end);
  }
}
