import type { OpenFile } from "./file-system.ts";

/**
 * A transfer is synced each time this many bytes have been written, while the next step is being written. Without it all dirty
 * bytes reach the disk at the end, where the client waits for them and every other sync on the disk waits behind them.
 */
export const STAGING_SYNC_STEP_BYTES = 16 * 1024 * 1024;

/** Syncs that run at once. Each holds a thread of Node's pool of four while the disk works, and others need threads too. */
export const SYNCS_AT_ONCE_MAX = 2;

/** Runs at most so many tasks at once; the rest wait in line. */
export class Lane {
  readonly #waiting: (() => void)[] = [];
  readonly #tasksMax: number;
  #free: number;

  constructor(tasksMax: number) {
    this.#tasksMax = tasksMax;
    this.#free = tasksMax;
  }

  /** Tasks that run, and those that wait. */
  get length(): number {
    return this.#tasksMax - this.#free + this.#waiting.length;
  }

  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

/** Told after each sync with how many bytes had been written when it began; what it throws counts as a failed sync. */
export type OnSynced = (writtenBytes: number) => Promise<void> | void;

/** Keeps the bytes of one file that are written but not synced below two steps. */
export class SyncSteps {
  readonly #file: OpenFile;
  readonly #lane: Lane;
  readonly #stepBytes: number;
  readonly #onSynced: OnSynced;
  #writtenBytes = 0;
  #unsyncedBytes = 0;
  #running: Promise<void> | null = null;
  #failure: { readonly error: unknown } | null = null;

  constructor(
    file: OpenFile,
    lane: Lane,
    options: { readonly stepBytes: number; readonly onSynced: OnSynced },
  ) {
    this.#file = file;
    this.#lane = lane;
    this.#stepBytes = options.stepBytes;
    this.#onSynced = options.onSynced;
  }

  /** All bytes counted so far. */
  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  /** Counts written bytes. A promise means: write no more until it resolves. It rejects when a sync failed. */
  written(sizeBytes: number): Promise<void> | null {
    this.#writtenBytes += sizeBytes;
    this.#unsyncedBytes += sizeBytes;
    if (this.#failure === null && this.#unsyncedBytes < this.#stepBytes) return null;
    if (this.#failure === null && this.#running === null) {
      this.#start();
      return null;
    }
    return this.#untilBelowStep();
  }

  /**
   * Syncs what is left; `onSynced` is not told of that one. Once a sync has failed it fails for good: the system may have given
   * the bytes up, and the next sync would succeed without them.
   */
  async finish(): Promise<void> {
    await this.settled();
    this.#throwFailure();
    try {
      await this.#lane.run(() => this.#file.datasync());
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  /** Resolves when no sync is running any more, however it went. */
  async settled(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #untilBelowStep(): Promise<void> {
    await this.settled();
    this.#throwFailure();
    if (this.#unsyncedBytes >= this.#stepBytes) this.#start();
  }

  #start(): void {
    this.#unsyncedBytes = 0;
    this.#running = this.#syncOnce();
  }

  async #syncOnce(): Promise<void> {
    const writtenBytes = this.#writtenBytes;
    try {
      await this.#lane.run(() => this.#file.datasync());
      await this.#onSynced(writtenBytes);
    } catch (error) {
      this.#failure ??= { error };
    } finally {
      this.#running = null;
    }
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}
