import type { FaultValue } from "@contentlib/contract/vocabulary";
import { faultOf, messageOf } from "@contentlib/contract/vocabulary";
import type { Checksum } from "../../domain/checksum.ts";
import type { StagedId } from "../../domain/ids.ts";
import { isWhole, lengthOf } from "../../domain/partial-upload.ts";
import type { Received } from "../../domain/session-file/receive.ts";
import { cameFrom, judge, refuseExcess, spoil } from "../../domain/session-file/receive.ts";
import type { BroughtFile } from "../../domain/update-session.ts";
import type { AppendOutcome } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import type { UploadProgress } from "../app.ts";
import { Fault } from "../fault.ts";
import type { CutReason } from "../live-transfers.ts";
import { makeRoom } from "../kept-partials/drop-kept.ts";
import { withForesight } from "../packages/foresight.ts";
import { releaseStaged } from "../release-staged.ts";
import { extendedBy } from "../update-session-file/change.ts";
import { PartialRecorder } from "./partial-recorder.ts";
import type { Receiving } from "./receiving.ts";
import { cutFault, endsEntry, endsUpload } from "./receiving.ts";
import type { Recording, UploadCore } from "./upload-target.ts";
import { commitPartial, foreseeReceipt, recordReceipt } from "./upload-target.ts";
import { wantedOf } from "./wanted-of.ts";

const SUPERSEDED: CutReason = { kind: "superseded" };

/** What is recorded and released when the bytes of one request are over, be it well or not. */
export class ReceptionEnd {
  readonly #core: UploadCore;
  readonly #receiving: Receiving;
  readonly #recorder: PartialRecorder;
  /** Whether what to record is being decided: a failure from then on leaves the bytes alone. */
  #isJudging = false;
  /** How many bytes the file has, once they are all staged. */
  #wholeBytes: number | null = null;
  /** Of the whole file, as far as anybody has said it. */
  readonly lengthBytes: number | null;

  constructor(core: UploadCore, receiving: Receiving) {
    const { file, entry, partial, isKnown, sent, transfer } = receiving;
    const lengthBytes = file.declaredSizeBytes === undefined ? sent.lengthBytes : null;
    this.#core = core;
    this.#receiving = receiving;
    const activity = () => extendedBy(core, entry.sessionId);
    this.#recorder = new PartialRecorder(core, { partial, isKnown, lengthBytes, activity });
    this.lengthBytes = lengthOf(file, partial) ?? lengthBytes;
    transfer.durableBytes = partial.durableBytes;
    transfer.lengthBytes = this.lengthBytes;
  }

  noteDurable(durableBytes: number): void {
    this.#receiving.transfer.durableBytes = durableBytes;
    this.#recorder.note(durableBytes);
  }

  async settle(outcome: AppendOutcome): Promise<UploadProgress> {
    const { file, transfer } = this.#receiving;
    const { durableBytes } = outcome;
    await this.#recorder.quiet();
    transfer.durableBytes = durableBytes;
    switch (outcome.kind) {
      case "appended":
        return await this.#appended(outcome);
      case "too-long":
        return await this.#tooLong(outcome.receivedBytes);
      case "misfit":
        await this.#keep();
        throw new Fault(this.#misfit(outcome.actual));
      case "interrupted":
        await this.#keep();
        throw new Fault(
          faultOf("transfer.interrupted", file.name, String(durableBytes)),
          outcome.reason,
        );
      case "cancelled":
        await this.#keep();
        throw this.#cut ?? new Fault(cutFault(file.name, { kind: "client-gone" }));
    }
  }

  /** What a failure of the storage means for the bytes, and what the client is told of it. */
  async explain(error: unknown): Promise<unknown> {
    const { isPlain } = this.#receiving;
    await this.#recorder.quiet();
    const kind = error instanceof PortError && this.#reason === null ? error.kind : null;
    if (kind === "full") await makeRoom(this.#core);
    if (kind === "full" && this.#isLastWord) return await this.#full(error);
    if ((kind === "absent" || kind === "exists") && !isPlain) return await this.#startAnew(error);
    await this.#keepIfItCanBe();
    if (!(error instanceof PortError)) return error;
    if (this.#cut !== null) return new Fault(this.#cut.values, error);
    const { name } = this.#receiving.file;
    return kind === "full" ? new Fault(faultOf("server.storage_full", name), error) : error;
  }

  /** Why the transfer was cut. That a newer writer has come counts before all else, since that one has the bytes now. */
  get #reason(): CutReason | null {
    const { isSuperseded, signal } = this.#receiving.transfer;
    return isSuperseded ? { kind: "superseded" } : signal.reason;
  }

  /** Whether nobody comes with what is missing, or with less: what is wrong with the bytes spoils the file. (S102, S108) */
  get #isLastWord(): boolean {
    return this.#receiving.isPlain || this.#receiving.pulled !== undefined;
  }

  #asCame(file: BroughtFile): BroughtFile {
    const finalUrl = this.#receiving.pulled?.finalUrl ?? null;
    return finalUrl === null ? file : cameFrom(file, finalUrl);
  }

  get #cut(): Fault | null {
    const reason = this.#reason;
    return reason === null ? null : new Fault(cutFault(this.#receiving.file.name, reason));
  }

  async #appended(outcome: {
    readonly durableBytes: number;
    readonly sizeBytes: number;
  }): Promise<UploadProgress> {
    const { sent } = this.#receiving;
    const { durableBytes, sizeBytes } = outcome;
    const length = this.lengthBytes;
    if (!isWhole(sizeBytes, length, sent.isLast)) {
      await this.#keep();
      return { offsetBytes: durableBytes, isComplete: false };
    }
    // A whole file is judged by what was declared; bytes that come in pieces may still be sent rightly.
    if (!this.#isLastWord && length !== null && sizeBytes !== length) {
      await this.#keep();
      throw new Fault(this.#lengthMismatch(`an end at ${sizeBytes}`));
    }
    await this.#finish(sizeBytes);
    return { offsetBytes: sizeBytes, isComplete: true };
  }

  async #finish(sizeBytes: number): Promise<void> {
    const { transfer, file, partial, packaged, isPlain } = this.#receiving;
    transfer.phase = "validating";
    transfer.bytes = sizeBytes;
    if (!isPlain) {
      // Whoever comes after a crash finds that it is whole, and needs no more bytes.
      await this.#keep(sizeBytes);
      transfer.lengthBytes = sizeBytes;
    }
    try {
      const blob = await this.#core.blobs.partials.finish(partial.stagedId, {
        sizeBytes,
        ...wantedOf(this.#core, file, packaged),
        signal: transfer.signal,
      });
      transfer.durableBytes = sizeBytes;
      transfer.lengthBytes = sizeBytes;
      this.#wholeBytes = sizeBytes;
      await withForesight(
        async (tries) => {
          this.#isJudging = false;
          if (packaged === null && tries === 0) return;
          await foreseeReceipt(this.#core, this.#foreseeing, { file, blob });
        },
        () => this.#recordVerdict((present) => judge(this.#asCame(present), blob)),
      );
    } catch (error) {
      if (error instanceof Fault) throw error;
      throw this.#isJudging ? error : await this.explain(error);
    }
  }

  /** Too many bytes for what was declared spoil a file that is sent whole; in pieces they change nothing. */
  async #tooLong(receivedBytes: number): Promise<never> {
    const { transfer, partial } = this.#receiving;
    if (this.#isLastWord)
      await this.#recordVerdict((present) =>
        this.#withoutBytes(refuseExcess(present, receivedBytes)),
      );
    else if (this.#recorder.knownBytes > transfer.durableBytes)
      // The catalog counts bytes that were dropped with those that were too many.
      await this.#replace(partial.stagedId, transfer.durableBytes);
    else await this.#keep();
    throw new Fault(this.#lengthMismatch(`at least ${receivedBytes}`));
  }

  async #full(cause: unknown): Promise<Fault> {
    const { file, transfer } = this.#receiving;
    const fault = faultOf("server.storage_full", file.name);
    const { bytes } = transfer;
    await this.#recordVerdict((present) =>
      this.#withoutBytes({ ...spoil(present, messageOf(fault), bytes), fault: null }),
    );
    return new Fault(fault, cause);
  }

  /** The bytes that the catalog knows of are not there to go on with, which is a disk's or a crash's doing: the file waits for all of them again. */
  async #startAnew(cause: unknown): Promise<Fault> {
    const { file, partial, sent } = this.#receiving;
    this.#core.journal.trouble({ where: "going on with received bytes", error: cause });
    await this.#replace(this.#core.ids.stagedId(), 0);
    await releaseStaged(this.#core, [partial.stagedId]);
    const given = String(sent.offsetBytes);
    return new Fault(faultOf("transfer.offset_mismatch", file.name, "0", given), cause);
  }

  /**
   * Keeps what came for a client that comes back (S64), as long as somebody can. Where nothing came there is nothing to keep. Throws the
   * fault of a transfer that has nothing to come back to.
   */
  async #keep(lengthBytes: number | null = null): Promise<void> {
    const { transfer } = this.#receiving;
    const isWorthIt = transfer.durableBytes > 0 || this.#recorder.isKnown;
    if (endsUpload(this.#reason) || !isWorthIt) return await this.#giveUp();
    const kept = await this.#recorder.settle(transfer.durableBytes, lengthBytes);
    if (kept === "fenced") throw new Fault(cutFault(this.#receiving.file.name, SUPERSEDED));
    if (kept === "gone" || endsUpload(this.#reason)) await this.#giveUp();
  }

  /** As `keep`, where something else is told to the client. */
  async #keepIfItCanBe(): Promise<void> {
    try {
      await this.#keep(this.#wholeBytes);
    } catch (error) {
      if (error instanceof Fault) return;
      this.#core.journal.trouble({ where: "recording the received bytes", error });
    }
  }

  async #giveUp(): Promise<void> {
    this.#receiving.transfer.durableBytes = 0;
    await this.#release();
    if (this.#cut !== null) throw this.#cut;
  }

  /** Drops the bytes, unless whoever ends the session decides about them. What the catalog does not know of nobody keeps. */
  async #release(): Promise<void> {
    const { transfer, partial } = this.#receiving;
    if (this.#recorder.isKnown && this.#core.live.areBytesSpared(transfer)) return;
    await releaseStaged(this.#core, [partial.stagedId]);
  }

  /** Runs under the session's lock: a newer writer, or an end of the session, has either come before or comes after. */
  async #judging<Result>(work: () => Promise<Result>): Promise<Result> {
    const { transfer, entry } = this.#receiving;
    this.#isJudging = true;
    // From here on a newer writer need not wait: nothing is written to the bytes, and it is noticed under the lock.
    transfer.endWriting();
    return await this.#core.exclusive.run(entry.sessionId, async () => {
      const reason = this.#reason;
      if (this.#cut !== null && (reason?.kind === "superseded" || endsEntry(reason)))
        throw this.#cut;
      const result = await work();
      this.#core.live.leave(transfer);
      return result;
    });
  }

  get #recording(): Recording {
    const { transfer, entry } = this.#receiving;
    return { entry, fence: transfer.fence };
  }

  get #foreseeing() {
    const { transfer, entry } = this.#receiving;
    return { entry, signal: transfer.signal };
  }

  async #recordVerdict(decide: (file: BroughtFile) => Received): Promise<void> {
    try {
      const received = await this.#judging(() =>
        recordReceipt(this.#core, this.#recording, decide),
      );
      await releaseStaged(this.#core, received.release);
      if (received.fault !== null) throw new Fault(received.fault);
    } catch (error) {
      // A newer writer may be going on with the bytes; and where nobody knows what was recorded, the sweeper finds out.
      const isUnknown = !(error instanceof Fault) || error.code === "server.unavailable";
      if (!isUnknown && error.code !== "transfer.superseded") await this.#release();
      throw error;
    }
  }

  /** Lets the entry go on with other bytes, or with fewer. */
  async #replace(stagedId: StagedId, durableBytes: number): Promise<void> {
    const { transfer, file, partial } = this.#receiving;
    transfer.durableBytes = durableBytes;
    transfer.lengthBytes = lengthOf(file, partial);
    await this.#judging(async () => {
      transfer.fence += 1;
      const anew = { ...partial, fence: transfer.fence, stagedId, durableBytes };
      await commitPartial(this.#core, file.name, anew);
    });
  }

  #withoutBytes(received: Received): Received {
    return { ...received, release: [...received.release, this.#receiving.partial.stagedId] };
  }

  #misfit(actual: Checksum): FaultValue {
    const { file, sent } = this.#receiving;
    const wanted = sent.checksum?.hex ?? "";
    return faultOf("transfer.chunk_mismatch", file.name, actual.algorithm, wanted, actual.hex);
  }

  #lengthMismatch(asked: string): FaultValue {
    const { file } = this.#receiving;
    return faultOf("transfer.length_mismatch", file.name, String(this.lengthBytes ?? 0), asked);
  }
}
