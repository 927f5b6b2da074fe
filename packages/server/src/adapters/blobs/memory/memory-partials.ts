import type { ChecksumAlgorithm } from "../../../domain/checksum.ts";
import type { Sha256, StagedId } from "../../../domain/ids.ts";
import type {
  AppendOptions,
  AppendOutcome,
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
import {
  type Digests,
  PieceDigest,
  RunningDigests,
  blobAlgorithms,
  blobNameOf,
  checksumsOf,
} from "../running-digests.ts";
import { ChunkedBytes } from "./chunked-bytes.ts";
import type { Room } from "./room.ts";

interface Partial extends TakesOneRun {
  readonly bytes: ChunkedBytes;
  /** Of all its bytes; kept because most partials come in order. */
  digests: RunningDigests;
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
      const digests = await orCancelled(digestsOf(partial, sizeBytes, algorithms), signal);
      partial.isFinished = true;
      const checksums = checksumsOf(digests, algorithms);
      return { stagedId, digest: blobNameOf(digests), sizeBytes, checksums };
    });
  }

  async prefixDigest(
    stagedId: StagedId,
    prefixBytes: number,
    { signal }: PrefixOptions,
  ): Promise<Sha256> {
    const partial = this.#partials.get(stagedId);
    if (partial === undefined || partial.bytes.sizeBytes < prefixBytes)
      throw tooShort(stagedId, prefixBytes);
    return blobNameOf(await orCancelled(digestsOf(partial, prefixBytes, []), signal));
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
      digests: RunningDigests.of([]),
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
    startDigests(partial, options.algorithms);
    const before = partial.digests.copy();
    const piece = checksum === undefined ? null : new PieceDigest(checksum.algorithm);
    const intake = new Intake(options);
    const end = await intake.run(source, {
      write: (chunk) => {
        if (!partial.bytes.append(chunk)) {
          intake.onFailure(new PortError("full", "The memory store has no room for more bytes."));
          return false;
        }
        partial.digests.update(chunk);
        piece?.update(chunk);
        return true;
      },
    });
    intake.stop();
    const fits =
      checksum === undefined || (end.kind === "complete" && piece?.hex() === checksum.hex);
    if (!fits || end.kind === "too-long") {
      partial.bytes.truncate(offsetBytes);
      partial.digests = before;
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

/** Lets the digests of a partial stand at its end. */
const startDigests = (partial: Partial, algorithms: readonly ChecksumAlgorithm[]): void => {
  const { bytes, digests } = partial;
  if (digests.atBytes === bytes.sizeBytes && digests.covers(["SHA256", ...algorithms])) return;
  partial.digests = digestsOver(bytes, bytes.sizeBytes, algorithms);
};

const digestsOver = (
  bytes: ChunkedBytes,
  sizeBytes: number,
  algorithms: readonly ChecksumAlgorithm[],
): RunningDigests => {
  const running = RunningDigests.of(blobAlgorithms(algorithms));
  for (const chunk of bytes.chunksTo(sizeBytes)) running.update(chunk);
  return running;
};

const digestsOf = async (
  { bytes, digests }: Partial,
  sizeBytes: number,
  algorithms: readonly ChecksumAlgorithm[],
): Promise<Digests> =>
  digests.atBytes === sizeBytes && digests.covers(["SHA256", ...algorithms])
    ? digests.digests()
    : digestsOver(bytes, sizeBytes, algorithms).digests();

const tooShort = (stagedId: StagedId, sizeBytes: number): PortError =>
  new PortError("absent", `There is no partial ${stagedId} of ${sizeBytes} bytes.`);
