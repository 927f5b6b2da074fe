/** Size of the buffers in which chunks are gathered before they are written. */
export const STAGING_BUFFER_BYTES = 256 * 1024;

/** All buffers of all transfers together never take more than this. */
export const STAGING_BUDGET_BYTES = 32 * 1024 * 1024;

/** One budget of equal buffers, kept for reuse. Nobody waits for a buffer: who gets none has another way. */
export class StagingBuffers {
  readonly #buffersMax: number;
  readonly #idle: ArrayBuffer[] = [];
  #made = 0;

  constructor(budgetBytes: number = STAGING_BUDGET_BYTES) {
    this.#buffersMax = Math.floor(budgetBytes / STAGING_BUFFER_BYTES);
  }

  /** Null when the budget is used up. */
  take(): ArrayBuffer | null {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#made >= this.#buffersMax) return null;
    this.#made += 1;
    return new ArrayBuffer(STAGING_BUFFER_BYTES);
  }

  /** All `count` buffers or null. */
  takeMany(count: number): ArrayBuffer[] | null {
    if (this.#idle.length + this.#buffersMax - this.#made < count) return null;
    return Array.from({ length: count }, () => this.take()).filter((buffer) => buffer !== null);
  }

  give(buffer: ArrayBuffer): void {
    this.#idle.push(buffer);
  }

  /** Buffers that went down with a thread make room for new ones. */
  lose(count: number): void {
    this.#made -= count;
  }
}
