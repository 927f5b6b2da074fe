/*
 * Digests of bytes that stand in a file already, computed in a staging thread by reading them:
 *
 *   a turn to read is waited for -> one slice is asked of the thread -> read, hashed, answered -> the next slice
 *
 * Between two slices the thread serves its transfers, so they are held up for the time of one. The goal may move on while bytes
 * are still being written behind.
 */
import type { ChecksumAlgorithm } from "../../../domain/checksum.ts";
import type { CancelSignal } from "../../../ports/clock.ts";
import { PortError } from "../../../ports/port-error.ts";
import { orCancelled } from "../or-cancelled.ts";
import { type Digests, blobAlgorithms, covers } from "../running-digests.ts";
import type { OpenFile } from "./file-system.ts";
import type { Reader, ReadingTurns } from "./reading-turns.ts";
import type { ThreadDigests } from "./standing-digests.ts";

/** About a millisecond of hashing. */
const SLICE_BYTES = 1024 * 1024;

export interface CatchingUpOptions {
  /** What the digests must be of, beside SHA-256. */
  readonly algorithms: readonly ChecksumAlgorithm[];
  /** The digests to go on with; their thread is promised to this, which gives it back. */
  readonly from: ThreadDigests | null;
  readonly goalBytes: number;
  readonly turns: ReadingTurns;
  /** Opens the file for reading. */
  openFile(): Promise<OpenFile>;
  /** Digests of no bytes yet, whose thread is promised to this, too. */
  beginDigests(): Promise<ThreadDigests>;
  /** Called when it is over, with the digests where they stand at the goal. */
  onOver(digests: ThreadDigests | null): void;
}

/** Digests wanted at a point on the way. */
interface Stop {
  readonly atBytes: number;
  readonly reached: PromiseWithResolvers<Digests>;
}

export class CatchingUp implements Reader {
  /** Resolves when it is over, however it went. */
  readonly over: Promise<void>;
  readonly #options: CatchingUpOptions;
  readonly #algorithms: ReadonlySet<ChecksumAlgorithm>;
  readonly #stops = new Set<Stop>();
  #goalBytes: number;
  /** How many of the first bytes the digests are of, once the slice that is being read is. */
  #atBytes: number;
  #state: "running" | "stopped" | "over" = "running";

  constructor(options: CatchingUpOptions) {
    this.#options = options;
    this.#algorithms = blobAlgorithms(options.algorithms);
    this.#atBytes = options.from?.atBytes ?? 0;
    this.#goalBytes = options.goalBytes;
    this.over = this.#run();
  }

  get isAwaited(): boolean {
    return this.#stops.size > 0;
  }

  /** Moves the goal; false, and nothing is moved, where it can not go there with these digests. */
  moveGoal(goalBytes: number, algorithms: readonly ChecksumAlgorithm[]): boolean {
    if (this.#state !== "running" || goalBytes < this.#goalBytes) return false;
    if (!covers(this.#algorithms, algorithms)) return false;
    this.#goalBytes = goalBytes;
    return true;
  }

  /** Whether `digestsAt` can be asked. */
  comesBy(atBytes: number, algorithms: readonly ChecksumAlgorithm[]): boolean {
    const isAhead = this.#atBytes <= atBytes && atBytes <= this.#goalBytes;
    return this.#state === "running" && isAhead && covers(this.#algorithms, algorithms);
  }

  /** The digests of the first so many bytes; rejects with a `PortError` of kind `absent` where the file has fewer. */
  async digestsAt(atBytes: number, signal: CancelSignal): Promise<Digests> {
    const stop: Stop = { atBytes, reached: Promise.withResolvers() };
    this.#stops.add(stop);
    try {
      return await orCancelled(stop.reached.promise, signal);
    } finally {
      this.#stops.delete(stop);
    }
  }

  /** Resolves when nothing reads the file any more. */
  async stop(): Promise<void> {
    if (this.#state === "running") {
      this.#state = "stopped";
      this.#options.turns.withdraw(this);
    }
    await this.over;
  }

  async #run(): Promise<void> {
    const { turns, from } = this.#options;
    let digests = from;
    try {
      await turns.take(this);
      digests ??= await this.#options.beginDigests();
      while (!(await this.#readInTurn(digests)))
        // Nobody wakes one that is stopped and then waits.
        if (this.#state === "running") await turns.giveWay(this);
    } catch (error) {
      digests?.forget();
      this.#end(digests, error);
    } finally {
      turns.end(this);
    }
  }

  /** As `read`. The file is open only meanwhile, so that those that wait for a turn hold none. */
  async #readInTurn(digests: ThreadDigests): Promise<boolean> {
    const file = await this.#options.openFile();
    try {
      return await this.#read(digests, file);
    } finally {
      // Nothing was written through this descriptor, so a failure to close it loses nothing.
      await file.close().catch(() => undefined);
    }
  }

  /** True once the goal is reached, false where it is another one's turn. */
  async #read(digests: ThreadDigests, file: OpenFile): Promise<boolean> {
    for (;;) {
      while (this.#hasStopHere()) await this.#answerStops(digests);
      if (this.#state !== "running")
        throw new PortError("cancelled", "The bytes are no longer to be hashed.");
      // At once, so that nobody moves the goal of one that is over.
      if (this.#atBytes === this.#goalBytes) {
        this.#end(digests, null);
        return true;
      }
      await this.#readSlice(digests, file);
      if (this.#isOthersTurn) return false;
    }
  }

  async #readSlice(digests: ThreadDigests, file: OpenFile): Promise<void> {
    const endBytes = this.#sliceEnd();
    this.#atBytes = endBytes;
    const { atBytes } = await digests.thread.ask(
      { kind: "read", digests: digests.id, fd: file.fd, endBytes },
      "read",
    );
    digests.standAt(atBytes);
    if (atBytes < endBytes) throw new PortError("absent", `The file ends after ${atBytes} bytes.`);
  }

  get #isOthersTurn(): boolean {
    const isUnderWay = this.#state === "running" && this.#atBytes < this.#goalBytes;
    return isUnderWay && this.#options.turns.isOthers(this);
  }

  /** Never passes by a stop. */
  #sliceEnd(): number {
    const sliceEnd = Math.floor(this.#atBytes / SLICE_BYTES + 1) * SLICE_BYTES;
    const stops = [...this.#stops].map(({ atBytes }) => atBytes);
    return Math.min(this.#goalBytes, sliceEnd, ...stops);
  }

  #hasStopHere(): boolean {
    return [...this.#stops].some(({ atBytes }) => atBytes === this.#atBytes);
  }

  async #answerStops(digests: ThreadDigests): Promise<void> {
    for (const stop of this.#stops) {
      if (stop.atBytes !== this.#atBytes) continue;
      stop.reached.resolve(await digests.digests());
      // Only now: where the thread fails, whoever still stands here is told.
      this.#stops.delete(stop);
    }
  }

  #end(digests: ThreadDigests | null, error: unknown): void {
    this.#state = "over";
    digests?.thread.giveBack();
    this.#options.onOver(error === null ? digests : null);
    for (const { reached } of this.#stops) reached.reject(error);
    this.#stops.clear();
  }
}
