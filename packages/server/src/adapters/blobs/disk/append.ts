/*
 * One append. How it ends decides what counts:
 *
 *   complete                 -> write the rest -> [checksum fits] -> sync -> appended
 *   interrupted, cancelled   -> write the rest -> sync, keeping what came
 *   too-long, misfit         -> write no more -> truncate to the offset
 *   broken                   -> write no more -> sync what is written -> throws
 *
 * With a checksum an interruption or a cut drops its bytes like a misfit.
 */
import type { ArchiveContents } from "../../../domain/archive.ts";
import type { AppendOptions, AppendOutcome, ByteSource } from "../../../ports/blob-store.ts";
import type { CancelSignal } from "../../../ports/clock.ts";
import { Intake, type IntakeEnd, type WriterEvents } from "../intake.ts";
import type { Digests } from "../running-digests.ts";
import type { OpenFile } from "./file-system.ts";
import type { PartialReadings } from "./partial-readings.ts";
import type { Partial } from "./partial-table.ts";
import type { StagingEngines } from "./staging-engines.ts";
import type { StagingWriter, TransferPlan } from "./staging-writer.ts";
import type { StoreFiles } from "./store-files.ts";
import type { SyncSteps } from "./sync-steps.ts";

/** What an append may do beyond the port. */
export interface AppendPlan extends AppendOptions {
  /** False where whatever does not come whole is dropped by the caller, and need not be made safe. */
  readonly keepsPieces: boolean;
}

export interface AppendTools {
  readonly files: StoreFiles;
  readonly engines: StagingEngines;
  readonly digests: PartialReadings<Digests>;
  readonly archives: PartialReadings<ArchiveContents>;
}

export class Append {
  readonly #partial: Partial;
  readonly #file: OpenFile;
  readonly #plan: AppendPlan;
  readonly #tools: AppendTools;
  readonly #steps: SyncSteps;
  /** Whether the digests of the partial catch up instead of going along. */
  #isUnhashed = false;
  #isDropped = false;
  #durableBytes: number;

  /** The file ends at the offset. */
  constructor(partial: Partial, file: OpenFile, options: { plan: AppendPlan; tools: AppendTools }) {
    this.#partial = partial;
    this.#file = file;
    this.#plan = options.plan;
    this.#tools = options.tools;
    this.#durableBytes = options.plan.offsetBytes;
    this.#steps = this.#tools.engines.stepsOf(file, (writtenBytes) => this.#onSynced(writtenBytes));
  }

  /** When it resolves or rejects nothing touches the file any more. */
  async run(source: ByteSource, cut: CancelSignal): Promise<AppendOutcome> {
    const intake = new Intake({ ...this.#plan, signal: cut });
    try {
      const writer = await this.#openWriter(intake);
      try {
        return await this.#settle(await intake.run(source, writer), { writer, intake, cut });
      } catch (error) {
        await writer.close(this.#keptBytes());
        await this.#saveWritten();
        throw error;
      }
    } finally {
      // Only now: until here the writer may have needed a chunk that belongs to the source.
      intake.stop();
    }
  }

  async #openWriter(events: WriterEvents): Promise<StagingWriter> {
    const { offsetBytes, algorithms, checksum } = this.#plan;
    const { engines, digests, archives } = this.#tools;
    const plan: TransferPlan = {
      file: this.#file,
      steps: this.#steps,
      startBytes: offsetBytes,
      pieceAlgorithm: checksum?.algorithm ?? null,
    };
    if (offsetBytes === 0) {
      const { expectedSizeBytes } = this.#plan;
      const begun = await engines.begin({ algorithms, expectedSizeBytes }, plan, events);
      this.#partial.digests.standing = begun.digests;
      return begun.writer;
    }
    archives.cutTo(this.#partial, offsetBytes);
    this.#readArchiveTo(offsetBytes);
    const standing = digests.standingAt(this.#partial, { atBytes: offsetBytes, algorithms });
    const writer = standing === null ? null : engines.goOn(standing, plan, events);
    if (writer !== null) return writer;
    this.#isUnhashed = true;
    digests.follow(this.#partial, { atBytes: offsetBytes, algorithms });
    return engines.unhashed(plan, events);
  }

  async #settle(
    end: IntakeEnd,
    run: { readonly writer: StagingWriter; readonly intake: Intake; readonly cut: CancelSignal },
  ): Promise<AppendOutcome> {
    switch (end.kind) {
      case "complete":
        return await this.#complete(run.writer, run.cut);
      case "too-long": {
        const durableBytes = await this.#dropBack(run.writer);
        return { kind: "too-long", durableBytes, receivedBytes: run.intake.receivedBytes };
      }
      case "interrupted":
        return { ...end, durableBytes: await this.#keepPiece(run.writer) };
      case "cancelled":
        return { ...end, durableBytes: await this.#keepPiece(run.writer) };
      case "broken":
        throw end.error;
    }
  }

  async #complete(writer: StagingWriter, cut: CancelSignal): Promise<AppendOutcome> {
    const { checksum, finishes } = this.#plan;
    await writer.flush();
    if (checksum !== undefined) {
      const hex = await writer.pieceHex();
      const actual = { algorithm: checksum.algorithm, hex };
      if (hex !== checksum.hex)
        return { kind: "misfit", durableBytes: await this.#dropBack(writer), actual };
    }
    this.#readArchiveTo(this.#sizeBytes());
    await this.#makeSafe(writer, finishes === true && !cut.aborted);
    const durableBytes = this.#durableBytes;
    return cut.aborted
      ? { kind: "cancelled", durableBytes }
      : { kind: "appended", durableBytes, sizeBytes: this.#sizeBytes() };
  }

  async #keepPiece(writer: StagingWriter): Promise<number> {
    if (!this.#plan.keepsPieces || this.#plan.checksum !== undefined)
      return await this.#dropBack(writer);
    await writer.flush();
    await this.#makeSafe(writer, false);
    return this.#durableBytes;
  }

  async #makeSafe(writer: StagingWriter, isNamedByFinish: boolean): Promise<void> {
    const sizeBytes = this.#sizeBytes();
    await this.#steps.finish();
    await writer.close(sizeBytes);
    this.#partial.syncedBytes = sizeBytes;
    if (isNamedByFinish && !this.#partial.isNameSafe) return;
    await this.#makeNameSafe();
    this.#tell(sizeBytes);
  }

  async #dropBack(writer: StagingWriter): Promise<number> {
    const { offsetBytes, keepsPieces } = this.#plan;
    this.#isDropped = true;
    await writer.close(offsetBytes);
    this.#tools.archives.cutTo(this.#partial, offsetBytes);
    if (keepsPieces) await this.#file.truncate(offsetBytes);
    return offsetBytes;
  }

  /** After a failure: what can still be made safe is; the failure is what the caller learns. */
  async #saveWritten(): Promise<void> {
    const { keepsPieces, checksum } = this.#plan;
    if (!keepsPieces || checksum !== undefined || this.#isDropped) return;
    try {
      await this.#steps.finish();
      await this.#makeNameSafe();
      this.#tell(this.#sizeBytes());
    } catch {
      return;
    }
  }

  async #onSynced(writtenBytes: number): Promise<void> {
    if (this.#plan.checksum !== undefined || !this.#plan.keepsPieces) return;
    await this.#makeNameSafe();
    this.#tell(this.#plan.offsetBytes + writtenBytes);
  }

  async #makeNameSafe(): Promise<void> {
    if (this.#partial.isNameSafe) return;
    await this.#tools.files.folders.sync(this.#tools.files.layout.incoming);
    this.#partial.isNameSafe = true;
  }

  #tell(durableBytes: number): void {
    if (durableBytes <= this.#durableBytes) return;
    this.#durableBytes = durableBytes;
    const { algorithms } = this.#plan;
    if (this.#isUnhashed)
      this.#tools.digests.follow(this.#partial, { atBytes: durableBytes, algorithms });
    this.#readArchiveTo(durableBytes);
    this.#plan.onDurable(durableBytes);
  }

  /** What the bytes hold as an archive is read behind the writing, and never written bytes that may not count. */
  #readArchiveTo(atBytes: number): void {
    if (this.#plan.isArchive !== true) return;
    this.#tools.archives.prepare(this.#partial, { atBytes, algorithms: [] });
  }

  #sizeBytes(): number {
    return this.#plan.offsetBytes + this.#steps.writtenBytes;
  }

  /** What may count after a failure. */
  #keptBytes(): number {
    return this.#plan.checksum === undefined ? this.#sizeBytes() : this.#plan.offsetBytes;
  }
}
