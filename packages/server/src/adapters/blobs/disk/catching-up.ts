/*
 * Digests of bytes that stand in a file already, or what they hold as an archive, found out in a staging thread by reading them:
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
import { blobAlgorithms, covers } from "../running-digests.ts";
import type { OpenFile } from "./file-system.ts";
import type { Reader, ReadingTurns } from "./reading-turns.ts";
import type { ThreadStanding } from "./standing-digests.ts";

/** About a millisecond of hashing. */
const SLICE_BYTES = 1024 * 1024;

export interface CatchingUpOptions<Result> {
  /** The digests wanted, beside SHA-256. */
  readonly algorithms: readonly ChecksumAlgorithm[];
  /** What to go on with; its thread is promised to this, which gives it back. */
  readonly from: ThreadStanding<Result> | null;
  /** Where in the file the first byte lies that it is of; 0 where it is left out. */
  readonly startBytes?: number;
  readonly goalBytes: number;
  readonly turns: ReadingTurns;
  /** Opens the file for reading. */
  openFile(): Promise<OpenFile>;
  /** Begins with no bytes yet, in a thread that is promised to this, too. */
  begin(): Promise<ThreadStanding<Result>>;
  /** Called when it is over, with what stands at the goal, if it does. */
  onOver(standing: ThreadStanding<Result> | null): void;
}

/** A point on the way, and who wants to know what there is to tell of it. */
interface Stop<Result> {
  readonly atBytes: number;
  readonly reached: PromiseWithResolvers<Result>;
}

export class CatchingUp<Result> implements Reader {
  /** Resolves when it is over, however it went. */
  readonly over: Promise<void>;
  readonly #options: CatchingUpOptions<Result>;
  readonly #algorithms: ReadonlySet<ChecksumAlgorithm>;
  readonly #stops = new Set<Stop<Result>>();
  #goalBytes: number;
  /** How many of the first bytes it is of, once the slice that is being read is. */
  #atBytes: number;
  #state: "running" | "stopped" | "over" = "running";

  constructor(options: CatchingUpOptions<Result>) {
    this.#options = options;
    this.#algorithms = blobAlgorithms(options.algorithms);
    this.#atBytes = options.from?.atBytes ?? 0;
    this.#goalBytes = options.goalBytes;
    this.over = this.#run();
  }

  /** How far it goes. */
  get goalBytes(): number {
    return this.#goalBytes;
  }

  get isAwaited(): boolean {
    return this.#stops.size > 0;
  }

  /** Moves the goal; false, and nothing is moved, where it can not go there with what it has. */
  moveGoal(goalBytes: number, algorithms: readonly ChecksumAlgorithm[]): boolean {
    if (this.#state !== "running" || goalBytes < this.#goalBytes) return false;
    if (!covers(this.#algorithms, algorithms)) return false;
    this.#goalBytes = goalBytes;
    return true;
  }

  /** Whether `resultAt` can be asked. */
  comesBy(atBytes: number, algorithms: readonly ChecksumAlgorithm[]): boolean {
    const isAhead = this.#atBytes <= atBytes && atBytes <= this.#goalBytes;
    return this.#state === "running" && isAhead && covers(this.#algorithms, algorithms);
  }

  /** What there is to tell of the first so many bytes; rejects with a `PortError` of kind `absent` where the file has fewer. */
  async resultAt(atBytes: number, signal: CancelSignal): Promise<Result> {
    const stop: Stop<Result> = { atBytes, reached: Promise.withResolvers() };
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
    let standing = from;
    try {
      await turns.take(this);
      standing ??= await this.#options.begin();
      while (!(await this.#readInTurn(standing)))
        // Nobody wakes one that is stopped and then waits.
        if (this.#state === "running") await turns.giveWay(this);
    } catch (error) {
      standing?.forget();
      this.#end(standing, error);
    } finally {
      turns.end(this);
    }
  }

  /** As `read`. The file is open only meanwhile, so that those that wait for a turn hold none. */
  async #readInTurn(standing: ThreadStanding<Result>): Promise<boolean> {
    const file = await this.#options.openFile();
    try {
      return await this.#read(standing, file);
    } finally {
      // Nothing was written through this descriptor, so a failure to close it loses nothing.
      await file.close().catch(() => undefined);
    }
  }

  /** True once the goal is reached, false where it is another one's turn. */
  async #read(standing: ThreadStanding<Result>, file: OpenFile): Promise<boolean> {
    for (;;) {
      while (this.#hasStopHere()) await this.#answerStops(standing);
      if (this.#state !== "running")
        throw new PortError("cancelled", "The bytes are no longer to be hashed.");
      // At once, so that nobody moves the goal of one that is over.
      if (this.#atBytes === this.#goalBytes) {
        this.#end(standing, null);
        return true;
      }
      await this.#readSlice(standing, file);
      if (this.#isOthersTurn) return false;
    }
  }

  async #readSlice(standing: ThreadStanding<Result>, file: OpenFile): Promise<void> {
    const endBytes = this.#sliceEnd();
    const { startBytes = 0 } = this.#options;
    this.#atBytes = endBytes;
    const { atBytes, heldBytes } = await standing.thread.ask(
      { kind: "read", running: standing.id, fd: file.fd, startBytes, endBytes },
      "read",
    );
    standing.standAt(atBytes, heldBytes);
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

  async #answerStops(standing: ThreadStanding<Result>): Promise<void> {
    for (const stop of this.#stops) {
      if (stop.atBytes !== this.#atBytes) continue;
      stop.reached.resolve(await standing.result());
      // Only now: where the thread fails, whoever still stands here is told.
      this.#stops.delete(stop);
    }
  }

  #end(standing: ThreadStanding<Result> | null, error: unknown): void {
    this.#state = "over";
    standing?.thread.giveBack();
    this.#options.onOver(error === null ? standing : null);
    for (const { reached } of this.#stops) reached.reject(error);
    this.#stops.clear();
  }
}
