import type { PartialUpload } from "../../domain/partial-upload.ts";
import type { Catalog, Change, Journal } from "../../ports/index.ts";

/** What became of a partial: the catalog has it; a newer writer has come; or its file or session waits for no bytes any more. */
export type Kept = "kept" | "fenced" | "gone";

/** What a recorder starts from. */
export interface Recorded {
  readonly partial: PartialUpload;
  /** Whether the catalog knows the partial; a plain upload of few bytes is over before it has to. */
  readonly isKnown: boolean;
  /** Length of the whole as the client tells it; null where it does not, or where it need not be kept. */
  readonly lengthBytes: number | null;
  /** Goes with what `settle` writes. */
  readonly activity: () => Change;
}

/**
 * Tells the catalog how many bytes of a transfer are safe. While bytes flow nobody waits for it, one write is under way at a time
 * and the newest number wins; `settle` waits until the catalog has the last one.
 */
export class PartialRecorder {
  readonly #core: { readonly catalog: Pick<Catalog, "commit">; readonly journal: Journal };
  readonly #partial: PartialUpload;
  readonly #activity: () => Change;
  #isKnown: boolean;
  #wantedBytes: number;
  #knownBytes: number;
  #lengthBytes: number | null;
  #knownLengthBytes: number | null;
  /** Why nothing can be recorded any more. */
  #lost: "fenced" | "gone" | null = null;
  #writing: Promise<void> | null = null;

  constructor(
    core: { readonly catalog: Pick<Catalog, "commit">; readonly journal: Journal },
    { partial, isKnown, lengthBytes, activity }: Recorded,
  ) {
    this.#core = core;
    this.#partial = partial;
    this.#activity = activity;
    this.#isKnown = isKnown;
    this.#wantedBytes = partial.durableBytes;
    this.#knownBytes = partial.durableBytes;
    this.#knownLengthBytes = partial.lengthBytes ?? null;
    this.#lengthBytes = this.#knownLengthBytes ?? lengthBytes;
  }

  /** Whether the catalog knows the partial, or may know it. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** How many bytes the catalog counts. */
  get knownBytes(): number {
    return this.#knownBytes;
  }

  /** More of the first bytes are safe. */
  note(durableBytes: number): void {
    this.#wantedBytes = Math.max(this.#wantedBytes, durableBytes);
    if (this.#writing !== null) return;
    this.#writing = this.#write();
    void this.#writing.then(() => (this.#writing = null));
  }

  /** Resolves once nothing is being written. */
  async quiet(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  /**
   * Resolves once the catalog has so many bytes, and the length where one is told; or says why it does not keep them. Rejects with
   * a `PortError` where it could not be told.
   */
  async settle(durableBytes: number, lengthBytes: number | null = null): Promise<Kept> {
    await this.quiet();
    this.#wantedBytes = Math.max(this.#wantedBytes, durableBytes);
    this.#lengthBytes ??= lengthBytes;
    const isNew =
      this.#wantedBytes > this.#knownBytes || this.#lengthBytes !== this.#knownLengthBytes;
    if (this.#lost === null && isNew) await this.#tell([this.#activity()]);
    return this.#lost ?? "kept";
  }

  async #write(): Promise<void> {
    try {
      while (this.#lost === null && this.#wantedBytes > this.#knownBytes) await this.#tell([]);
    } catch (error) {
      // A later number, or the end of the transfer, tries again: what is not told is only sent twice.
      this.#core.journal.trouble({ where: "recording the received bytes", error });
    }
  }

  async #tell(more: readonly Change[]): Promise<void> {
    const [durableBytes, lengthBytes] = [this.#wantedBytes, this.#lengthBytes];
    const wasKnown = this.#isKnown;
    const outcome = await this.#core.catalog.commit([...this.#changes(), ...more]);
    if (outcome.kind === "committed") {
      this.#isKnown = true;
      this.#knownBytes = durableBytes;
      this.#knownLengthBytes = lengthBytes;
    } else if (outcome.reason !== "fenced") {
      this.#lost = "gone";
    } else if (wasKnown) {
      this.#lost = "fenced";
    } else {
      // Perhaps the fence is our own, of a write whose answer was lost.
      this.#isKnown = true;
      await this.#tell(more);
    }
  }

  #changes(): readonly Change[] {
    const told = {
      durableBytes: this.#wantedBytes,
      ...(this.#lengthBytes === null ? {} : { lengthBytes: this.#lengthBytes }),
    };
    if (!this.#isKnown) return [{ kind: "partial.put", partial: { ...this.#partial, ...told } }];
    const { fence } = this.#partial;
    const entry = this.#partial;
    return [
      { kind: "partial.expect", entry, fence },
      { kind: "partial.advance", entry, fence, ...told },
    ];
  }
}
