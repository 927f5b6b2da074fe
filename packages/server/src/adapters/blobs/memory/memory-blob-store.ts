import { invariant } from "../../../domain/invariant.ts";
import type { Instant, Sha256, StagedId } from "../../../domain/ids.ts";
import type {
  BlobStore,
  ByteSink,
  ByteSource,
  OpenBlob,
  Pour,
  StagedBlob,
  StageOptions,
  StageOutcome,
  StoredBlob,
} from "../../../ports/blob-store.ts";
import type { Clock } from "../../../ports/clock.ts";
import { PortError } from "../../../ports/port-error.ts";
import { type StagingWriter, takeIn } from "../intake.ts";
import { type Digests, RunningDigests, blobNameOf, checksumsOf } from "../running-digests.ts";

const READ_CHUNK_BYTES = 64 * 1024;

export interface MemoryBlobStoreOptions {
  readonly clock: Pick<Clock, "now">;
  /** Room for staged and stored bytes together; unlimited where absent. */
  readonly capacityBytes?: number;
}

/** Blobs in memory, with the semantics of the durable stores: for tests and for trying things out. */
export class MemoryBlobStore implements BlobStore {
  readonly #clock: Pick<Clock, "now">;
  readonly #room: Room;
  readonly #incoming = new Set<StagedId>();
  readonly #staged = new Map<StagedId, Uint8Array>();
  readonly #blobs = new Map<Sha256, { readonly bytes: Uint8Array; readonly storedAt: Instant }>();

  constructor(options: MemoryBlobStoreOptions) {
    this.#clock = options.clock;
    this.#room = new Room(options.capacityBytes ?? Number.MAX_SAFE_INTEGER);
  }

  async stage(
    stagedId: StagedId,
    source: ByteSource,
    options: StageOptions,
  ): Promise<StageOutcome> {
    if (this.#incoming.has(stagedId) || this.#staged.has(stagedId)) {
      throw new PortError("exists", `Staged bytes ${stagedId} are already there.`);
    }
    this.#incoming.add(stagedId);
    try {
      return await this.#receive(stagedId, source, options);
    } finally {
      this.#incoming.delete(stagedId);
    }
  }

  async #receive(
    stagedId: StagedId,
    source: ByteSource,
    options: StageOptions,
  ): Promise<StageOutcome> {
    let writer: MemoryWriter | undefined;
    const outcome = await takeIn(
      source,
      (events) =>
        Promise.resolve(
          (writer = new MemoryWriter(this.#room, options, (error) => events.onFailure(error))),
        ),
      options,
    );
    if (outcome.kind !== "received" || writer === undefined) return outcome as StageOutcome;
    this.#staged.set(stagedId, writer.bytes());
    return {
      kind: "staged",
      blob: stagedBlobOf(stagedId, outcome.sizeBytes, outcome.digests, options),
    };
  }

  async promote(stagedId: StagedId, digest: Sha256): Promise<void> {
    const bytes = this.#staged.get(stagedId);
    if (this.#blobs.has(digest)) return await this.release(stagedId);
    if (bytes === undefined)
      throw new PortError(
        "absent",
        `There is neither a blob ${digest} nor staged bytes ${stagedId}.`,
      );
    this.#staged.delete(stagedId);
    this.#blobs.set(digest, { bytes, storedAt: this.#clock.now() });
  }

  async release(stagedId: StagedId): Promise<void> {
    this.#room.give(this.#staged.get(stagedId)?.byteLength ?? 0);
    this.#staged.delete(stagedId);
  }

  async open(digest: Sha256): Promise<OpenBlob> {
    const blob = this.#blobs.get(digest);
    if (blob === undefined) throw new PortError("absent", `There is no blob ${digest}.`);
    return new MemoryOpenBlob(blob.bytes);
  }

  async delete(digest: Sha256): Promise<void> {
    this.#room.give(this.#blobs.get(digest)?.bytes.byteLength ?? 0);
    this.#blobs.delete(digest);
  }

  async *listStaged(): AsyncIterable<StagedId> {
    yield* [...this.#incoming, ...this.#staged.keys()];
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

const stagedBlobOf = (
  stagedId: StagedId,
  sizeBytes: number,
  digests: Digests,
  options: StageOptions,
): StagedBlob => ({
  stagedId,
  digest: blobNameOf(digests),
  sizeBytes,
  checksums: checksumsOf(digests, options.algorithms),
});

/** Counts the bytes that still fit. */
class Room {
  #freeBytes: number;

  constructor(capacityBytes: number) {
    this.#freeBytes = capacityBytes;
  }

  get freeBytes(): number {
    return this.#freeBytes;
  }

  /** False, taking nothing, where the bytes do not fit. */
  take(sizeBytes: number): boolean {
    if (sizeBytes > this.#freeBytes) return false;
    this.#freeBytes -= sizeBytes;
    return true;
  }

  give(sizeBytes: number): void {
    this.#freeBytes += sizeBytes;
  }
}

class MemoryWriter implements StagingWriter {
  readonly #room: Room;
  readonly #digests: RunningDigests;
  readonly #onFailure: (error: PortError) => void;
  readonly #chunks: Uint8Array[] = [];
  #sizeBytes = 0;

  constructor(room: Room, options: StageOptions, onFailure: (error: PortError) => void) {
    this.#room = room;
    this.#digests = new RunningDigests(options.algorithms);
    this.#onFailure = onFailure;
  }

  write(chunk: Uint8Array): boolean {
    if (!this.#room.take(chunk.byteLength)) {
      this.#onFailure(new PortError("full", "The memory store has no room for more bytes."));
      return false;
    }
    this.#sizeBytes += chunk.byteLength;
    this.#digests.update(chunk);
    this.#chunks.push(Uint8Array.from(chunk));
    return true;
  }

  async finish(): Promise<Digests> {
    return this.#digests.finish();
  }

  async abandon(): Promise<void> {
    this.#room.give(this.#sizeBytes);
    this.#sizeBytes = 0;
    this.#chunks.length = 0;
  }

  bytes(): Uint8Array {
    const whole = new Uint8Array(this.#sizeBytes);
    let offset = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, offset);
      offset += chunk.byteLength;
    }
    return whole;
  }
}

class MemoryOpenBlob implements OpenBlob {
  readonly sizeBytes: number;
  readonly #bytes: Uint8Array;
  #pours = 0;
  #closed = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.sizeBytes = bytes.byteLength;
  }

  pourInto(sink: ByteSink, range: { readonly start: number; readonly endExclusive: number }): Pour {
    invariant(
      range.start >= 0 && range.start <= range.endExclusive && range.endExclusive <= this.sizeBytes,
      "The range to read must lie within the blob.",
    );
    if (this.#closed) return new MemoryPour(null, sink, () => undefined);
    this.#pours += 1;
    return new MemoryPour(this.#bytes.subarray(range.start, range.endExclusive), sink, () => {
      this.#pours -= 1;
      if (this.#pours === 0) this.close();
    });
  }

  close(): void {
    this.#closed = true;
  }
}

class MemoryPour implements Pour {
  readonly #bytes: Uint8Array | null;
  readonly #sink: ByteSink;
  readonly #onOver: () => void;
  #offset = 0;
  #paused = true;
  #over = false;

  /** Without bytes the pour fails: the blob was closed before. */
  constructor(bytes: Uint8Array | null, sink: ByteSink, onOver: () => void) {
    this.#bytes = bytes;
    this.#sink = sink;
    this.#onOver = onOver;
    this.resume();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    queueMicrotask(() => this.#flow());
  }

  stop(): void {
    if (this.#over) return;
    this.#over = true;
    this.#onOver();
  }

  #flow(): void {
    if (this.#over) return;
    if (this.#bytes === null) {
      this.stop();
      return this.#sink.fail(new PortError("unavailable", "The blob is closed."));
    }
    while (!this.#over && !this.#paused) {
      if (this.#offset === this.#bytes.byteLength) {
        this.stop();
        return this.#sink.end();
      }
      // A copy, since a sink may write into a chunk that it owns and a stored blob never changes.
      const chunk = this.#bytes.slice(this.#offset, this.#offset + READ_CHUNK_BYTES);
      this.#offset += chunk.byteLength;
      this.#paused = !this.#sink.chunk(chunk);
    }
  }
}
