/*
 * append    open incoming -> truncate to the offset -> write and sync in steps -> sync -> [sync the folder, if made] -> close
 * finish    [truncate, sync] -> wait for the digests -> rename into ready -> sync the folder
 */
import type { ArchiveContents } from "../../../domain/archive.ts";
import type { Checksum, ChecksumAlgorithm } from "../../../domain/checksum.ts";
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
import { runAlone } from "../run-alone.ts";
import { type Digests, blobNameOf, checksumsOf } from "../running-digests.ts";
import { Append, type AppendPlan } from "./append.ts";
import { orNullIfAbsent } from "./file-errors.ts";
import type { OpenFile } from "./file-system.ts";
import { PartialReadings } from "./partial-readings.ts";
import { PARTIALS_KNOWN_MAX, type Partial, PartialTable } from "./partial-table.ts";
import type { RangeDigests, RangeWanted } from "./range-digests.ts";
import type { StagingEngines } from "./staging-engines.ts";
import { type StoreFiles, attempt } from "./store-files.ts";

const STAGING_FILE_MODE = 0o600;

export interface FinishOptions {
  readonly sizeBytes: number;
  readonly algorithms: readonly ChecksumAlgorithm[];
  readonly isArchive?: boolean;
  readonly signal: CancelSignal;
}

/** Partials as files of the folder `incoming`, finished ones as files of `ready`. */
export class DiskPartials implements PartialBlobs {
  readonly #files: StoreFiles;
  readonly #engines: StagingEngines;
  readonly #ranges: RangeDigests;
  readonly #digests: PartialReadings<Digests>;
  readonly #archives: PartialReadings<ArchiveContents>;
  readonly #table: PartialTable;

  constructor(
    {
      files,
      engines,
      ranges,
    }: {
      readonly files: StoreFiles;
      readonly engines: StagingEngines;
      readonly ranges: RangeDigests;
    },
    knownMax: number = PARTIALS_KNOWN_MAX,
  ) {
    this.#files = files;
    this.#engines = engines;
    this.#ranges = ranges;
    this.#digests = new PartialReadings(files, {
      knowledgeOf: (partial) => partial.digests,
      begin: (algorithms) => engines.beginDigests(algorithms),
    });
    this.#archives = new PartialReadings(files, {
      knowledgeOf: (partial) => partial.archive,
      begin: () => engines.beginArchive(),
    });
    this.#table = new PartialTable(knownMax, (partial) => this.#forget(partial));
  }

  append(stagedId: StagedId, source: ByteSource, options: AppendOptions): Promise<AppendOutcome> {
    return this.take(stagedId, source, { ...options, keepsPieces: true });
  }

  /** Appends; a plan that keeps no pieces makes a partial that must not be there yet. */
  async take(stagedId: StagedId, source: ByteSource, plan: AppendPlan): Promise<AppendOutcome> {
    const sentence = `The bytes of ${stagedId} could not be kept.`;
    return await attempt(sentence, "never", () =>
      this.#alone(stagedId, plan.signal, (partial, cut) =>
        this.#take(partial, { source, plan, cut }),
      ),
    );
  }

  async finish(stagedId: StagedId, options: FinishOptions): Promise<StagedBlob> {
    const sentence = `The bytes of ${stagedId} could not be finished.`;
    return await attempt(sentence, "safe", () =>
      this.#alone(stagedId, options.signal, (partial, cut) => this.#finish(partial, options, cut)),
    );
  }

  async checksumsOf(
    stagedId: StagedId,
    algorithms: readonly ChecksumAlgorithm[],
    wanted: RangeWanted,
  ): Promise<readonly Checksum[]> {
    return await attempt(`The bytes of ${stagedId} could not be read.`, "safe", async () => {
      const facts = await this.#files.findReady(stagedId);
      if (facts === null) throw await this.#files.absent(`There are no staged bytes ${stagedId}.`);
      const path = this.#files.layout.readyFile(stagedId);
      return await this.#ranges.of({ path, facts }, algorithms, wanted);
    });
  }

  async prefixDigest(
    stagedId: StagedId,
    prefixBytes: number,
    { algorithms, isArchive, signal }: PrefixOptions,
  ): Promise<Sha256> {
    return await attempt(`The bytes of ${stagedId} could not be read.`, "safe", async () => {
      const facts = await this.#factsOf(stagedId);
      if (facts === null || facts.size < prefixBytes)
        throw await this.#tooShort(stagedId, prefixBytes);
      const wanted = { atBytes: prefixBytes, algorithms };
      const partial = this.#table.use(stagedId);
      // Whoever asks goes on with an append, most likely; by then it is read.
      if (isArchive === true && this.#archives.isUnknown(partial))
        this.#archives.follow(partial, { atBytes: prefixBytes, algorithms: [] });
      return blobNameOf(await this.#digests.prefixResultAt(partial, wanted, signal));
    });
  }

  async sizeOf(stagedId: StagedId): Promise<number | null> {
    return await attempt(`The bytes of ${stagedId} could not be found.`, "safe", async () => {
      const facts = await this.#factsOf(stagedId);
      return facts?.size ?? null;
    });
  }

  /** Cuts what is under way, and removes the bytes, finished or not. */
  async release(stagedId: StagedId): Promise<void> {
    const run = this.#table.find(stagedId)?.run;
    run?.abort();
    await run?.over;
    this.#table.forget(stagedId);
    // In this order, since a finish moves the file from the one to the other.
    await this.#files.remove(this.#files.layout.incomingFile(stagedId));
    await this.#files.remove(this.#files.layout.readyFile(stagedId));
  }

  /** Forgets what is known of one that was promoted. */
  forget(stagedId: StagedId): void {
    this.#table.forget(stagedId);
  }

  /** Resolves when no file is read any more. The engines must have ended. */
  async close(): Promise<void> {
    await this.#digests.close();
    await this.#archives.close();
  }

  #forget(partial: Partial): void {
    this.#digests.forget(partial);
    this.#archives.forget(partial);
  }

  #alone<Result>(
    stagedId: StagedId,
    signal: CancelSignal,
    task: (partial: Partial, cut: CancelSignal) => Promise<Result>,
  ): Promise<Result> {
    const partial = this.#table.use(stagedId);
    return runAlone(partial, signal, (cut) => task(partial, cut));
  }

  async #take(
    partial: Partial,
    { source, plan, cut }: { source: ByteSource; plan: AppendPlan; cut: CancelSignal },
  ): Promise<AppendOutcome> {
    if (cut.aborted) return { kind: "cancelled", durableBytes: plan.offsetBytes };
    if ((await this.#files.findReady(partial.stagedId)) !== null)
      throw new PortError("exists", `The bytes of ${partial.stagedId} are staged already.`);
    const file = await this.#openFor(partial, plan);
    const tools = {
      files: this.#files,
      engines: this.#engines,
      digests: this.#digests,
      archives: this.#archives,
    };
    let outcome: AppendOutcome;
    try {
      outcome = await new Append(partial, file, { plan, tools }).run(source, cut);
    } catch (error) {
      // The first failure is the one to tell.
      await file.close().catch(() => undefined);
      throw error;
    }
    await file.close();
    return outcome;
  }

  /** The file, ending at the offset. */
  async #openFor(partial: Partial, plan: AppendPlan): Promise<OpenFile> {
    if (plan.offsetBytes > 0) {
      const file = await this.#reopen(partial, plan.offsetBytes);
      if (file === null) throw await this.#tooShort(partial.stagedId, plan.offsetBytes);
      partial.digests.known = null;
      partial.archive.known = null;
      return file;
    }
    const path = this.#files.layout.incomingFile(partial.stagedId);
    const flags = plan.keepsPieces ? "w" : "wx";
    const file = await this.#files.fileSystem.open(path, flags, STAGING_FILE_MODE);
    this.#forget(partial);
    partial.isNameSafe = false;
    partial.syncedBytes = null;
    partial.digests.known = null;
    partial.archive.known = null;
    return file;
  }

  /** Opens the file and drops what lies behind `sizeBytes`; null where it is missing, or shorter. */
  async #reopen(partial: Partial, sizeBytes: number): Promise<OpenFile | null> {
    const path = this.#files.layout.incomingFile(partial.stagedId);
    const file = await orNullIfAbsent(this.#files.fileSystem.open(path, "r+"));
    if (file === null) return null;
    partial.syncedBytes = null;
    try {
      const facts = await file.stat();
      if (facts.size > sizeBytes) await file.truncate(sizeBytes);
      if (facts.size >= sizeBytes) return file;
    } catch (error) {
      await file.close().catch(() => undefined);
      throw error;
    }
    await file.close();
    return null;
  }

  async #finish(partial: Partial, options: FinishOptions, cut: CancelSignal): Promise<StagedBlob> {
    const { stagedId } = partial;
    const { sizeBytes } = options;
    const isReady = !(await this.#isExact(partial, sizeBytes));
    if (isReady && (await this.#files.findReady(stagedId))?.size !== sizeBytes)
      throw await this.#tooShort(stagedId, sizeBytes);
    const blob = await this.#lookAt(partial, options, cut);
    if (!isReady) await this.#moveToReady(partial);
    // Also where it was moved before: that finish may have failed, or the process died, between the rename and the sync.
    await this.#files.folders.sync(this.#files.layout.ready);
    this.#table.forget(stagedId);
    return blob;
  }

  /** Finds out what is to be told of the whole, and remembers it for a finish that has to be repeated. */
  async #lookAt(
    partial: Partial,
    { sizeBytes, algorithms, isArchive }: FinishOptions,
    cut: CancelSignal,
  ): Promise<StagedBlob> {
    const whole = { atBytes: sizeBytes, algorithms: [] };
    const [digests, archive] = await Promise.all([
      this.#digests.resultAt(partial, { ...whole, algorithms }, cut),
      isArchive === true ? this.#archives.resultAt(partial, whole, cut) : null,
    ]);
    partial.digests.known = { sizeBytes, algorithms, result: digests };
    if (archive !== null) partial.archive.known = { sizeBytes, algorithms: [], result: archive };
    return {
      stagedId: partial.stagedId,
      digest: blobNameOf(digests),
      sizeBytes,
      checksums: checksumsOf(digests, algorithms),
      ...(archive !== null && { archive }),
    };
  }

  /** Makes the file exactly so long, and safe; false where there is none, and `absent` where it is shorter. */
  async #isExact(partial: Partial, sizeBytes: number): Promise<boolean> {
    if (partial.syncedBytes === sizeBytes) return true;
    const file = await this.#reopen(partial, sizeBytes);
    if (file === null) return false;
    try {
      await file.datasync();
    } catch (error) {
      await file.close().catch(() => undefined);
      throw error;
    }
    await file.close();
    partial.syncedBytes = sizeBytes;
    return true;
  }

  async #moveToReady(partial: Partial): Promise<void> {
    const { layout, fileSystem } = this.#files;
    // A rename may have been made although it is said to have failed, so the next finish looks anew.
    partial.syncedBytes = null;
    await fileSystem.rename(
      layout.incomingFile(partial.stagedId),
      layout.readyFile(partial.stagedId),
    );
  }

  /** In this order, since a finish moves the file from the one to the other. */
  async #factsOf(stagedId: StagedId) {
    const { layout } = this.#files;
    const incoming = await this.#files.find(layout.incomingFile(stagedId));
    return incoming ?? (await this.#files.findReady(stagedId));
  }

  #tooShort(stagedId: StagedId, sizeBytes: number): Promise<PortError> {
    return this.#files.absent(`There is no partial ${stagedId} of ${sizeBytes} bytes.`);
  }
}
