/*
 * What runs over the bytes of a partial, between its appends: its digests, and what it holds as an archive. Neither can move
 * between threads, so they stay where they were begun: on the main thread, or in a staging thread.
 */
import type { ArchiveContents } from "../../../domain/archive.ts";
import type { ChecksumAlgorithm } from "../../../domain/checksum.ts";
import { type Digests, RewindableDigests, blobAlgorithms, covers } from "../running-digests.ts";
import type { StagingThread } from "./staging-threads.ts";

/** What was found out of some first bytes. */
export interface Standing<Result> {
  /** How many of the first bytes it is of; null once it is lost. Means nothing while bytes pass by. */
  readonly atBytes: number | null;
  covers(algorithms: readonly ChecksumAlgorithm[]): boolean;
  /** What there is to tell of the bytes so far; more may follow. */
  result(): Promise<Result>;
  forget(): void;
}

export type StandingDigests = Standing<Digests>;

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

  async result(): Promise<Digests> {
    return this.running.digests();
  }

  forget(): void {
    this.#isLost = true;
  }
}

/** What runs in a staging thread, and can go on there by reading. */
export abstract class ThreadStanding<Result> implements Standing<Result> {
  readonly thread: StagingThread;
  readonly id: number;
  #atBytes: number | null = 0;
  #heldBytes = 0;

  constructor(thread: StagingThread, id: number) {
    this.thread = thread;
    this.id = id;
  }

  get atBytes(): number | null {
    return this.thread.dead ? null : this.#atBytes;
  }

  /** How much memory it takes in its thread where that may be much. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** What the thread told of it. */
  standAt(atBytes: number | null, heldBytes: number = 0): void {
    this.#atBytes = atBytes;
    this.#heldBytes = heldBytes;
  }

  abstract covers(algorithms: readonly ChecksumAlgorithm[]): boolean;

  abstract result(): Promise<Result>;

  forget(): void {
    if (this.#atBytes !== null) this.thread.forget(this.id);
    this.#atBytes = null;
  }
}

export class ThreadDigests extends ThreadStanding<Digests> {
  readonly #algorithms: ReadonlySet<ChecksumAlgorithm>;

  constructor(thread: StagingThread, algorithms: readonly ChecksumAlgorithm[]) {
    const all = blobAlgorithms(algorithms);
    super(thread, thread.begin({ kind: "digests", algorithms: [...all] }));
    this.#algorithms = all;
  }

  override covers(algorithms: readonly ChecksumAlgorithm[]): boolean {
    return covers(this.#algorithms, algorithms);
  }

  override async result(): Promise<Digests> {
    const { digests } = await this.thread.ask({ kind: "digests", running: this.id }, "digests");
    return new Map(digests);
  }
}

export class ThreadArchive extends ThreadStanding<ArchiveContents> {
  constructor(thread: StagingThread) {
    super(thread, thread.begin({ kind: "archive" }));
  }

  /** Its members have their own digests; none of the whole is made beside them. */
  override covers(algorithms: readonly ChecksumAlgorithm[]): boolean {
    return algorithms.length === 0;
  }

  override async result(): Promise<ArchiveContents> {
    const { contents } = await this.thread.ask({ kind: "archive", running: this.id }, "archive");
    return contents;
  }
}
