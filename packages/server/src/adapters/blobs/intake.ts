/*
 * One transfer on its way in. Exactly one of these ends it:
 *
 *   source ends      -> writer.finish   -> received
 *   too many bytes   -> writer.abandon  -> too-long      (the source is stopped)
 *   source breaks    -> writer.abandon  -> interrupted
 *   signal aborts    -> writer.abandon  -> cancelled     (the source is stopped; also while the writer finishes)
 *   writer fails     -> writer.abandon  -> throws        (the source is stopped)
 */
import type {
  ByteSink,
  ByteSource,
  Pour,
  StageOptions,
  StageOutcome,
} from "../../ports/blob-store.ts";
import type { Digests } from "./running-digests.ts";

/** Hashes and keeps the bytes of one transfer. */
export interface StagingWriter {
  /**
   * Takes a chunk. False means that the source must pause until `WriterEvents.onDrain`, which is never called from within
   * `write`; until then the chunk belongs to the writer.
   */
  write(bytes: Uint8Array): boolean;
  /** Resolves when every byte is kept safely; rejects when one could not be. */
  finish(): Promise<Digests>;
  /** Drops the transfer, at any time and also after `finish` failed; resolves when nothing touches the bytes any more. */
  abandon(): Promise<void>;
}

/** What a writer tells the intake, outside of its calls. */
export interface WriterEvents {
  onDrain(): void;
  /** The writer can take no more bytes. Its owner abandons it. */
  onFailure(error: unknown): void;
}

/** What became of a transfer whose bytes went to a writer. */
export type IntakeOutcome =
  | { readonly kind: "received"; readonly sizeBytes: number; readonly digests: Digests }
  | Exclude<StageOutcome, { readonly kind: "staged" }>;

type IntakeEnd =
  | { readonly kind: "complete" }
  | { readonly kind: "broken"; readonly error: unknown }
  | Exclude<IntakeOutcome, { readonly kind: "received" }>;

class Intake implements ByteSink, WriterEvents {
  readonly #options: StageOptions;
  readonly #end = Promise.withResolvers<IntakeEnd>();
  readonly #onAbort = (): void =>
    this.#stop({ kind: "cancelled", receivedBytes: this.#receivedBytes });
  #writer: StagingWriter | null = null;
  #pour: Pour | null = null;
  #receivedBytes = 0;
  #ended = false;

  constructor(options: StageOptions) {
    this.#options = options;
    if (options.signal.aborted) this.#onAbort();
    else options.signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Lets the source flow into the writer until one of the ends is reached. */
  async run(source: ByteSource, writer: StagingWriter): Promise<IntakeEnd> {
    this.#writer = writer;
    if (!this.#ended) {
      this.#pour = source.pourInto(this);
      // The source may have reached an end before it handed out its pour.
      if (this.#ended) this.#pour.stop();
    }
    return await this.#end.promise;
  }

  chunk(bytes: Uint8Array): boolean {
    if (this.#ended || this.#writer === null) return false;
    this.#receivedBytes += bytes.byteLength;
    const limit = this.#options.sizeLimitBytes;
    if (limit !== undefined && this.#receivedBytes > limit) {
      this.#stop({ kind: "too-long", receivedBytes: this.#receivedBytes });
      return false;
    }
    this.#options.onProgress(this.#receivedBytes);
    return this.#writer.write(bytes);
  }

  end(): void {
    this.#settle({ kind: "complete" });
  }

  fail(reason: unknown): void {
    this.#settle({ kind: "interrupted", receivedBytes: this.#receivedBytes, reason });
  }

  onDrain(): void {
    if (!this.#ended) this.#pour?.resume();
  }

  onFailure(error: unknown): void {
    this.#stop({ kind: "broken", error });
  }

  #stop(end: IntakeEnd): void {
    if (this.#settle(end)) this.#pour?.stop();
  }

  #settle(end: IntakeEnd): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#options.signal.removeEventListener("abort", this.#onAbort);
    this.#end.resolve(end);
    return true;
  }
}

/**
 * Pours the source into the writer that `openWriter` makes and says how that ended. The writer is finished or abandoned in
 * every case; whatever it or `openWriter` throws is thrown on.
 */
export const takeIn = async (
  source: ByteSource,
  openWriter: (events: WriterEvents) => Promise<StagingWriter>,
  options: StageOptions,
): Promise<IntakeOutcome> => {
  const intake = new Intake(options);
  const writer = await openWriter(intake).catch((error: unknown) => {
    intake.onFailure(error);
    throw error;
  });
  try {
    const end = await intake.run(source, writer);
    if (end.kind === "complete") {
      const digests = await writer.finish();
      if (options.signal.aborted) {
        await writer.abandon();
        return { kind: "cancelled", receivedBytes: intake.receivedBytes };
      }
      return { kind: "received", sizeBytes: intake.receivedBytes, digests };
    }
    if (end.kind === "broken") throw end.error;
    await writer.abandon();
    return end;
  } catch (error) {
    await writer.abandon();
    throw error;
  }
};
