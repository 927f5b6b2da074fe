/*
 * The running digests of a partial between its appends. A digest can not move between threads, so they stay where they were
 * begun: on the main thread, or in a staging thread.
 */
import type { ChecksumAlgorithm } from "../../../domain/checksum.ts";
import { type Digests, RewindableDigests, blobAlgorithms, covers } from "../running-digests.ts";
import type { StagingThread } from "./staging-threads.ts";

export interface StandingDigests {
  /** How many of the first bytes they are of; null once they are lost. Means nothing while bytes pass by. */
  readonly atBytes: number | null;
  covers(algorithms: readonly ChecksumAlgorithm[]): boolean;
  /** The digests of the bytes so far; more may follow. */
  digests(): Promise<Digests>;
  forget(): void;
}

export class MainDigests implements StandingDigests {
  readonly running: RewindableDigests;
  readonly #algorithms: ReadonlySet<ChecksumAlgorithm>;
  #isLost = false;

  constructor(algorithms: readonly ChecksumAlgorithm[]) {
    this.#algorithms = blobAlgorithms(algorithms);
    this.running = new RewindableDigests(this.#algorithms);
  }

  get atBytes(): number | null {
    return this.#isLost ? null : this.running.atBytes;
  }

  covers(algorithms: readonly ChecksumAlgorithm[]): boolean {
    return covers(this.#algorithms, algorithms);
  }

  async digests(): Promise<Digests> {
    return this.running.digests();
  }

  forget(): void {
    this.#isLost = true;
  }
}

export class ThreadDigests implements StandingDigests {
  readonly thread: StagingThread;
  readonly id: number;
  readonly #algorithms: ReadonlySet<ChecksumAlgorithm>;
  #atBytes: number | null = 0;

  constructor(thread: StagingThread, algorithms: readonly ChecksumAlgorithm[]) {
    this.#algorithms = blobAlgorithms(algorithms);
    this.thread = thread;
    this.id = thread.begin([...this.#algorithms]);
  }

  get atBytes(): number | null {
    return this.thread.dead ? null : this.#atBytes;
  }

  /** What the thread told of them. */
  standAt(atBytes: number | null): void {
    this.#atBytes = atBytes;
  }

  covers(algorithms: readonly ChecksumAlgorithm[]): boolean {
    return covers(this.#algorithms, algorithms);
  }

  async digests(): Promise<Digests> {
    const { digests } = await this.thread.ask({ kind: "digests", digests: this.id }, "digests");
    return new Map(digests);
  }

  forget(): void {
    if (this.#atBytes !== null) this.thread.forget(this.id);
    this.#atBytes = null;
  }
}
