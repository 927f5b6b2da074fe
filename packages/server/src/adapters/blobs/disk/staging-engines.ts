import { availableParallelism } from "node:os";

import type { ChecksumAlgorithm } from "../../../domain/checksum.ts";
import { PortError } from "../../../ports/port-error.ts";
import type { WriterEvents } from "../intake.ts";
import type { OpenFile } from "./file-system.ts";
import { MainWriter } from "./main-engine.ts";
import { StagingBuffers } from "./staging-buffers.ts";
import { type StagingThread, StagingThreads } from "./staging-threads.ts";
import type { StagingWriter, TransferPlan } from "./staging-writer.ts";
import {
  MainDigests,
  type StandingDigests,
  ThreadArchive,
  ThreadDigests,
} from "./standing-digests.ts";
import {
  Lane,
  type OnSynced,
  STAGING_SYNC_STEP_BYTES,
  SYNCS_AT_ONCE_MAX,
  SyncSteps,
} from "./sync-steps.ts";
import { RING_BUFFERS, WorkerWriter } from "./worker-engine.ts";

/** `auto` chooses for each transfer; the others are for tests and measurements. */
export type EngineChoice = "main" | "worker" | "auto";

/** From this expected size a transfer is worth a thread. */
const LARGE_TRANSFER_BYTES = 64 * 1024 * 1024;

/** One thread hashes and writes about a gigabyte a second, and each costs some 40 MB. */
const THREADS_MAX = 2;

/** What archives hold is found out in a thread of its own, so that no transfer waits for it. */
const ARCHIVE_THREADS_MAX = 1;

/** What is known of a blob before its first byte. */
export interface BlobPlan {
  readonly algorithms: readonly ChecksumAlgorithm[];
  readonly expectedSizeBytes: number | undefined;
}

/** A writer, and where the digests of what it writes are. */
export interface OpenedWriter {
  readonly writer: StagingWriter;
  readonly digests: StandingDigests;
}

export interface StagingEnginesOptions {
  readonly choice: EngineChoice;
  readonly syncStepBytes?: number;
  readonly budgetBytes?: number;
}

/** How much there is to do. */
export interface StagingLoad {
  readonly threadTransfers: number;
  readonly syncs: number;
}

/** Opens a writer for each transfer, on the engine that suits it. */
export class StagingEngines {
  readonly #choice: EngineChoice;
  readonly #syncStepBytes: number;
  readonly #buffers: StagingBuffers;
  readonly #lane = new Lane(SYNCS_AT_ONCE_MAX);
  readonly #threadsMax = Math.min(THREADS_MAX, Math.max(1, availableParallelism() - 1));
  readonly #threads = new StagingThreads("transfers", this.#threadsMax);
  readonly #archiveThreads = new StagingThreads("archives", ARCHIVE_THREADS_MAX);

  constructor(options: StagingEnginesOptions) {
    this.#choice = options.choice;
    this.#syncStepBytes = options.syncStepBytes ?? STAGING_SYNC_STEP_BYTES;
    this.#buffers = new StagingBuffers(options.budgetBytes);
  }

  stepsOf(file: OpenFile, onSynced: OnSynced): SyncSteps {
    return new SyncSteps(file, this.#lane, { stepBytes: this.#syncStepBytes, onSynced });
  }

  /** Uploads on threads of their own, and syncs that run or wait. */
  get load(): StagingLoad {
    return { threadTransfers: this.#threads.load, syncs: this.#lane.length };
  }

  /** Begins a blob anew. */
  async begin(blob: BlobPlan, plan: TransferPlan, events: WriterEvents): Promise<OpenedWriter> {
    const opened = this.#wantsThread(blob)
      ? await this.#beginOnThread(blob.algorithms, plan, events)
      : null;
    if (opened !== null) return opened;
    if (this.#choice === "worker")
      throw new PortError("unavailable", "No staging thread or no buffers are to be had.");
    const digests = new MainDigests(blob.algorithms);
    return { digests, writer: new MainWriter(plan, digests, this.#tools(events)) };
  }

  /** Goes on where the digests are. Null where that is on a thread and no ring of buffers is to be had. */
  goOn(digests: StandingDigests, plan: TransferPlan, events: WriterEvents): StagingWriter | null {
    if (digests instanceof MainDigests) return new MainWriter(plan, digests, this.#tools(events));
    if (!(digests instanceof ThreadDigests) || digests.atBytes === null) return null;
    const ring = this.#buffers.takeMany(RING_BUFFERS);
    if (ring === null) return null;
    digests.thread.promise();
    return new WorkerWriter(plan, digests, { ring, ...this.#tools(events) });
  }

  /** Goes on without hashing. */
  unhashed(plan: TransferPlan, events: WriterEvents): StagingWriter {
    return new MainWriter(plan, null, this.#tools(events));
  }

  /** Digests of no bytes yet in a thread that is promised to the caller, who gives it back. */
  async beginDigests(algorithms: readonly ChecksumAlgorithm[]): Promise<ThreadDigests> {
    return new ThreadDigests(await threadOf(this.#threads), algorithms);
  }

  /** An archive of no bytes yet, in the same way. */
  async beginArchive(): Promise<ThreadArchive> {
    return new ThreadArchive(await threadOf(this.#archiveThreads));
  }

  /** Ends the threads; transfers that they serve fail. */
  async close(): Promise<void> {
    await Promise.all([this.#threads.end(), this.#archiveThreads.end()]);
  }

  #tools(events: WriterEvents): {
    readonly buffers: StagingBuffers;
    readonly events: WriterEvents;
  } {
    return { buffers: this.#buffers, events };
  }

  #wantsThread(blob: BlobPlan): boolean {
    if (this.#choice !== "auto") return this.#choice === "worker";
    if (blob.algorithms.some((algorithm) => algorithm !== "SHA256")) return true;
    // A second large transfer on a thread is no faster than on the main engine, and takes more memory.
    return (
      (blob.expectedSizeBytes ?? 0) >= LARGE_TRANSFER_BYTES && this.#threads.load < this.#threadsMax
    );
  }

  /** Null where no thread or no ring is to be had. */
  async #beginOnThread(
    algorithms: readonly ChecksumAlgorithm[],
    plan: TransferPlan,
    events: WriterEvents,
  ): Promise<OpenedWriter | null> {
    const thread = await this.#threads.find();
    const ring = thread === null ? null : this.#buffers.takeMany(RING_BUFFERS);
    if (thread === null || ring === null) {
      thread?.giveBack();
      return null;
    }
    const digests = new ThreadDigests(thread, algorithms);
    return { digests, writer: new WorkerWriter(plan, digests, { ring, ...this.#tools(events) }) };
  }
}

const threadOf = async (threads: StagingThreads): Promise<StagingThread> => {
  const thread = await threads.find();
  if (thread !== null) return thread;
  throw new PortError("unavailable", "No staging thread is to be had.", { retry: "safe" });
};
