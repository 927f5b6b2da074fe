import { availableParallelism } from "node:os";

import type { ChecksumAlgorithm } from "../../../domain/checksum.ts";
import { PortError } from "../../../ports/port-error.ts";
import type { StagingWriter, WriterEvents } from "../intake.ts";
import type { OpenFile } from "./file-system.ts";
import { MainWriter } from "./main-engine.ts";
import { StagingBuffers } from "./staging-buffers.ts";
import { StagingThreads } from "./staging-threads.ts";
import { Lane, STAGING_SYNC_STEP_BYTES, SYNCS_AT_ONCE_MAX, SyncSteps } from "./sync-steps.ts";
import { RING_BUFFERS, WorkerWriter } from "./worker-engine.ts";

/** `auto` chooses for each transfer; the others are for tests and measurements. */
export type EngineChoice = "main" | "worker" | "auto";

/** From this expected size a transfer is worth a thread. */
const LARGE_TRANSFER_BYTES = 64 * 1024 * 1024;

/** One thread hashes and writes about a gigabyte a second, and each costs some 40 MB. */
const THREADS_MAX = 2;

/** What is known of a transfer before its first byte. */
export interface TransferPlan {
  readonly algorithms: readonly ChecksumAlgorithm[];
  readonly expectedSizeBytes: number | undefined;
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
  readonly #threads = new StagingThreads(this.#threadsMax);

  constructor(options: StagingEnginesOptions) {
    this.#choice = options.choice;
    this.#syncStepBytes = options.syncStepBytes ?? STAGING_SYNC_STEP_BYTES;
    this.#buffers = new StagingBuffers(options.budgetBytes);
  }

  /** Uploads on threads of their own, and syncs that run or wait. */
  get load(): StagingLoad {
    return { threadTransfers: this.#threads.load, syncs: this.#lane.length };
  }

  async open(file: OpenFile, plan: TransferPlan, events: WriterEvents): Promise<StagingWriter> {
    const writer = this.#wantsThread(plan) ? await this.#openOnThread(file, plan, events) : null;
    if (writer !== null) return writer;
    if (this.#choice === "worker")
      throw new PortError("unavailable", "No staging thread or no buffers are to be had.");
    return new MainWriter(file, plan.algorithms, {
      buffers: this.#buffers,
      steps: this.#stepsOf(file),
      events,
    });
  }

  /** Ends the threads; transfers that they serve fail. */
  async close(): Promise<void> {
    await this.#threads.end();
  }

  #wantsThread(plan: TransferPlan): boolean {
    if (this.#choice !== "auto") return this.#choice === "worker";
    if (plan.algorithms.some((algorithm) => algorithm !== "SHA256")) return true;
    // A second large transfer on a thread is no faster than on the main engine, and takes more memory.
    return (
      (plan.expectedSizeBytes ?? 0) >= LARGE_TRANSFER_BYTES && this.#threads.load < this.#threadsMax
    );
  }

  /** Null where no thread or no ring is to be had. */
  async #openOnThread(
    file: OpenFile,
    plan: TransferPlan,
    events: WriterEvents,
  ): Promise<StagingWriter | null> {
    const thread = await this.#threads.find();
    const ring = thread === null ? null : this.#buffers.takeMany(RING_BUFFERS);
    if (thread === null || ring === null) {
      thread?.giveBack();
      return null;
    }
    return new WorkerWriter(file, plan.algorithms, {
      thread,
      transfer: this.#threads.nextTransfer(),
      ring,
      buffers: this.#buffers,
      steps: this.#stepsOf(file),
      events,
    });
  }

  #stepsOf(file: OpenFile): SyncSteps {
    return new SyncSteps(file, this.#lane, this.#syncStepBytes);
  }
}
