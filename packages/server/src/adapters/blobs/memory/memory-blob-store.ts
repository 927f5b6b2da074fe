import type { Checksum, ChecksumAlgorithm } from "../../../domain/checksum.ts";
import type { Instant, Sha256, StagedId } from "../../../domain/ids.ts";
import type {
  BlobStore,
  ByteRange,
  ByteSource,
  OpenBlob,
  StageOptions,
  StageOutcome,
  StoredBlob,
} from "../../../ports/blob-store.ts";
import type { CancelSignal, Clock } from "../../../ports/clock.ts";
import { PortError } from "../../../ports/port-error.ts";
import { memoryChecksums } from "./memory-checksums.ts";
import { MemoryOpenBlob } from "./memory-open-blob.ts";
import { MemoryPartials } from "./memory-partials.ts";
import { Room } from "./room.ts";

export interface MemoryBlobStoreOptions {
  readonly clock: Pick<Clock, "now">;
  /** Room for staged and stored bytes together; unlimited where absent. */
  readonly capacityBytes?: number;
}

/** Blobs in memory, with the semantics of the durable stores: for tests and for trying things out. */
export class MemoryBlobStore implements BlobStore {
  readonly partials: MemoryPartials;
  readonly #clock: Pick<Clock, "now">;
  readonly #room: Room;
  readonly #blobs = new Map<Sha256, { readonly bytes: Uint8Array; readonly storedAt: Instant }>();

  constructor(options: MemoryBlobStoreOptions) {
    this.#clock = options.clock;
    this.#room = new Room(options.capacityBytes ?? Number.MAX_SAFE_INTEGER);
    this.partials = new MemoryPartials(this.#room);
  }

  async stage(
    stagedId: StagedId,
    source: ByteSource,
    options: StageOptions,
  ): Promise<StageOutcome> {
    if (this.partials.has(stagedId))
      throw new PortError("exists", `Staged bytes ${stagedId} are already there.`);
    let outcome: StageOutcome | null = null;
    try {
      outcome = await this.#stageWhole(stagedId, source, options);
      return outcome;
    } finally {
      if (outcome?.kind !== "staged") await this.release(stagedId);
    }
  }

  async #stageWhole(
    stagedId: StagedId,
    source: ByteSource,
    options: StageOptions,
  ): Promise<StageOutcome> {
    let receivedBytes = 0;
    const outcome = await this.partials.append(stagedId, source, {
      ...options,
      offsetBytes: 0,
      onProgress: (bytes) => options.onProgress((receivedBytes = bytes)),
      onDurable: () => undefined,
    });
    if (outcome.kind === "interrupted")
      return { kind: "interrupted", receivedBytes, reason: outcome.reason };
    if (outcome.kind === "too-long")
      return { kind: "too-long", receivedBytes: outcome.receivedBytes };
    if (outcome.kind !== "appended") return { kind: "cancelled", receivedBytes };
    return {
      kind: "staged",
      blob: await this.partials.finish(stagedId, { ...options, sizeBytes: receivedBytes }),
    };
  }

  async promote(stagedId: StagedId, digest: Sha256): Promise<void> {
    const bytes = this.partials.finishedBytes(stagedId);
    if (this.#blobs.has(digest)) return await this.release(stagedId);
    if (bytes === null)
      throw new PortError(
        "absent",
        `There is neither a blob ${digest} nor staged bytes ${stagedId}.`,
      );
    this.partials.give(stagedId);
    this.#blobs.set(digest, { bytes, storedAt: this.#clock.now() });
  }

  async release(stagedId: StagedId): Promise<void> {
    await this.partials.release(stagedId);
  }

  async open(digest: Sha256): Promise<OpenBlob> {
    const blob = this.#blobs.get(digest);
    if (blob === undefined) throw new PortError("absent", `There is no blob ${digest}.`);
    return new MemoryOpenBlob(blob.bytes);
  }

  async openStaged(stagedId: StagedId): Promise<OpenBlob> {
    const bytes = this.partials.finishedBytes(stagedId);
    if (bytes === null) throw new PortError("absent", `There are no staged bytes ${stagedId}.`);
    return new MemoryOpenBlob(bytes);
  }

  async checksumsOf(
    digest: Sha256,
    algorithms: readonly ChecksumAlgorithm[],
    options: { readonly signal: CancelSignal; readonly range?: ByteRange },
  ): Promise<readonly Checksum[]> {
    const blob = this.#blobs.get(digest);
    if (blob === undefined) throw new PortError("absent", `There is no blob ${digest}.`);
    const range = options.range ?? { start: 0, endExclusive: blob.bytes.byteLength };
    return memoryChecksums(blob.bytes, algorithms, { ...options, range });
  }

  async delete(digest: Sha256): Promise<void> {
    this.#room.give(this.#blobs.get(digest)?.bytes.byteLength ?? 0);
    this.#blobs.delete(digest);
  }

  async *listStaged(): AsyncIterable<StagedId> {
    yield* this.partials.list();
  }

  async *list(): AsyncIterable<StoredBlob> {
    for (const [digest, { bytes, storedAt }] of this.#blobs) {
      yield { digest, sizeBytes: bytes.byteLength, storedAt };
    }
  }

  async freeBytes(): Promise<number> {
    return this.#room.freeBytes;
  }
}
