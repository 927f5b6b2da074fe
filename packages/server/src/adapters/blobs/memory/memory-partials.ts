import type { Checksum, ChecksumAlgorithm } from "../../../domain/checksum.ts";
import type { Sha256, StagedId } from "../../../domain/ids.ts";
import type {
  AppendOptions,
  AppendOutcome,
  ByteRange,
  ByteSource,
  PartialBlobs,
  PrefixOptions,
  StagedBlob,
} from "../../../ports/blob-store.ts";
import type { CancelSignal } from "../../../ports/clock.ts";
import { PortError } from "../../../ports/port-error.ts";
import { Intake, type IntakeEnd } from "../intake.ts";
import { orCancelled } from "../or-cancelled.ts";
import { type TakesOneRun, runAlone } from "../run-alone.ts";
import { PieceDigest, blobNameOf, checksumsOf } from "../running-digests.ts";
import { ChunkedBytes } from "./chunked-bytes.ts";
import { memoryChecksums } from "./memory-checksums.ts";
import { PassedBytes, type WantedOfBytes } from "./passed-bytes.ts";
import type { Room } from "./room.ts";

interface Partial extends TakesOneRun {
  readonly bytes: ChunkedBytes;
  /** Of all its bytes; kept because most partials come in order. */
  passed: PassedBytes;
  isFinished: boolean;
}

/** Partials in memory. Their bytes are hashed as they come, and where that does not serve, again on the main thread. */
export class MemoryPartials implements PartialBlobs {
  readonly #room: Room;
  readonly #partials = new Map<StagedId, Partial>();

  constructor(room: Room) {
    this.#room = room;
  }

  async append(
    stagedId: StagedId,
    source: ByteSource,
    options: AppendOptions,
  ): Promise<AppendOutcome> {
    const { offsetBytes } = options;
    if (options.signal.aborted) return { kind: "cancelled", durableBytes: offsetBytes };
    const there = this.#partials.get(stagedId);
    if (there?.isFinished === true)
      throw new PortError("exists", `The bytes of ${stagedId} are staged already.`);
    if (offsetBytes > (there?.bytes.sizeBytes ?? 0)) throw tooShort(stagedId, offsetBytes);
    const partial = there ?? this.#make(stagedId);
    return await runAlone(partial, options.signal, (cut) =>
      this.#append(partial, source, { ...options, signal: cut }),
    );
  }

  async finish(
    stagedId: StagedId,
    options: {
      readonly sizeBytes: number;
      readonly algorithms: readonly ChecksumAlgorithm[];
      readonly isArchive?: boolean;
      readonly signal: CancelSignal;
    },
  ): Promise<StagedBlob> {
    const { sizeBytes, algorithms, signal } = options;
    const partial = this.#partials.get(stagedId);
    const size = partial?.bytes.sizeBytes ?? -1;
    if (partial === undefined || size < sizeBytes || (partial.isFinished && size !== sizeBytes))
      throw tooShort(stagedId, sizeBytes);
    return await runAlone(partial, signal, async () => {
      partial.bytes.truncate(sizeBytes);
      const passed = await orCancelled(passedBytes(partial, sizeBytes, options), signal);
      partial.isFinished = true;
      const digests = passed.digests();
      const archive = options.isArchive === true ? passed.contents() : null;
      return {
        stagedId,
        digest: blobNameOf(digests),
        sizeBytes,
        checksums: checksumsOf(digests, algorithms),
        ...(archive !== null && { archive }),
      };
    });
  }

  async checksumsOf(
    stagedId: StagedId,
    algorithms: readonly ChecksumAlgorithm[],
    options: { readonly signal: CancelSignal; readonly range: ByteRange },
  ): Promise<readonly Checksum[]> {
    const bytes = this.finishedBytes(stagedId);
    if (bytes === null) throw new PortError("absent", `There are no staged bytes ${stagedId}.`);
    return memoryChecksums(bytes, algorithms, options);
  }

  async prefixDigest(
    stagedId: StagedId,
    prefixBytes: number,
    { signal }: PrefixOptions,
  ): Promise<Sha256> {
    const partial = this.#partials.get(stagedId);
    if (partial === undefined || partial.bytes.sizeBytes < prefixBytes)
      throw tooShort(stagedId, prefixBytes);
    const wanted = { algorithms: [] };
    const passed = await orCancelled(passedBytes(partial, prefixBytes, wanted), signal);
    return blobNameOf(passed.digests());
  }

  async sizeOf(stagedId: StagedId): Promise<number | null> {
    return this.#partials.get(stagedId)?.bytes.sizeBytes ?? null;
  }

  async release(stagedId: StagedId): Promise<void> {
    const partial = this.#partials.get(stagedId);
    if (partial === undefined) return;
    partial.run?.abort();
    await partial.run?.over;
    partial.bytes.truncate(0);
    this.#partials.delete(stagedId);
  }

  has(stagedId: StagedId): boolean {
    return this.#partials.has(stagedId);
  }

  list(): StagedId[] {
    return [...this.#partials.keys()];
  }

  /** Null where it is not there, or not finished. */
  finishedBytes(stagedId: StagedId): Uint8Array | null {
    const partial = this.#partials.get(stagedId);
    return partial?.isFinished === true ? partial.bytes.whole() : null;
  }

  /** Hands its bytes over, with the room that they take. */
  give(stagedId: StagedId): void {
    this.#partials.delete(stagedId);
  }

  #make(stagedId: StagedId): Partial {
    const partial: Partial = {
      bytes: new ChunkedBytes(this.#room),
      passed: PassedBytes.begin({ algorithms: [] }),
      run: null,
      isFinished: false,
    };
    this.#partials.set(stagedId, partial);
    return partial;
  }

  async #append(
    partial: Partial,
    source: ByteSource,
    options: AppendOptions,
  ): Promise<AppendOutcome> {
    const { offsetBytes, checksum } = options;
    partial.bytes.truncate(offsetBytes);
    partial.passed = await passedBytes(partial, offsetBytes, options);
    const before = partial.passed.copy();
    const piece = checksum === undefined ? null : new PieceDigest(checksum.algorithm);
    const intake = new Intake(options);
    const end = await intake.run(source, {
      write: (chunk) => {
        if (!partial.bytes.append(chunk)) {
          intake.onFailure(new PortError("full", "The memory store has no room for more bytes."));
          return false;
        }
        partial.passed.update(chunk);
        piece?.update(chunk);
        return true;
      },
    });
    intake.stop();
    const fits =
      checksum === undefined || (end.kind === "complete" && piece?.hex() === checksum.hex);
    if (!fits || end.kind === "too-long") {
      partial.bytes.truncate(offsetBytes);
      partial.passed = before;
    }
    const durableBytes = partial.bytes.sizeBytes;
    if (durableBytes > offsetBytes) options.onDurable(durableBytes);
    if (end.kind === "complete" && !fits && checksum !== undefined) {
      const actual = { algorithm: checksum.algorithm, hex: piece?.hex() ?? "" };
      return { kind: "misfit", durableBytes, actual };
    }
    return outcomeOf(end, { durableBytes, options, receivedBytes: intake.receivedBytes });
  }
}

const outcomeOf = (
  end: IntakeEnd,
  taken: {
    readonly durableBytes: number;
    readonly receivedBytes: number;
    readonly options: AppendOptions;
  },
): AppendOutcome => {
  const { durableBytes, receivedBytes } = taken;
  switch (end.kind) {
    case "complete":
      return taken.options.signal.aborted
        ? { kind: "cancelled", durableBytes }
        : { kind: "appended", durableBytes, sizeBytes: durableBytes };
    case "too-long":
      return { kind: "too-long", durableBytes, receivedBytes };
    case "interrupted":
      return { kind: "interrupted", durableBytes, reason: end.reason };
    case "cancelled":
      return { kind: "cancelled", durableBytes };
    case "broken":
      throw end.error;
  }
};

/** What is wanted of the first bytes: what is known of them, or else found out anew. */
const passedBytes = async (
  { bytes, passed }: Partial,
  sizeBytes: number,
  wanted: WantedOfBytes,
): Promise<PassedBytes> => {
  if (passed.atBytes === sizeBytes && passed.covers(wanted)) return passed;
  const anew = PassedBytes.begin(wanted);
  for (const chunk of bytes.chunksTo(sizeBytes)) anew.update(chunk);
  return anew;
};

const tooShort = (stagedId: StagedId, sizeBytes: number): PortError =>
  new PortError("absent", `There is no partial ${stagedId} of ${sizeBytes} bytes.`);
