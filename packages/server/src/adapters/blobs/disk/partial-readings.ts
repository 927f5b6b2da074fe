import type { ChecksumAlgorithm } from "../../../domain/checksum.ts";
import type { CancelSignal } from "../../../ports/clock.ts";
import { orCancelled } from "../or-cancelled.ts";
import { CatchingUp } from "./catching-up.ts";
import { orNullIfAbsent } from "./file-errors.ts";
import type { Knowledge, Partial } from "./partial-table.ts";
import { ReadingTurns } from "./reading-turns.ts";
import type { StoreFiles } from "./store-files.ts";
import { StandingBudget } from "./standing-budget.ts";
import { type Standing, ThreadStanding } from "./standing-digests.ts";

/** Of how many first bytes something is wanted, and with which digests of them. */
export interface WantedOfPartial {
  readonly atBytes: number;
  readonly algorithms: readonly ChecksumAlgorithm[];
}

/** What is to be known of partials, and how a reading for it begins. */
export interface ReadingKind<Result> {
  knowledgeOf(partial: Partial): Knowledge<Result>;
  /** Begins with no bytes yet, in a thread that is promised to the caller, who gives it back. */
  begin(algorithms: readonly ChecksumAlgorithm[]): Promise<ThreadStanding<Result>>;
}

const standsAt = <Result>(
  standing: Standing<Result> | null,
  { atBytes, algorithms }: WantedOfPartial,
): standing is Standing<Result> => standing?.atBytes === atBytes && standing.covers(algorithms);

/** Where what is known of partials comes from, be it their digests or what they hold: from what stands, or from reading the file. */
export class PartialReadings<Result> {
  readonly #files: StoreFiles;
  readonly #kind: ReadingKind<Result>;
  readonly #catchingUp = new Set<CatchingUp<Result>>();
  readonly #turns = new ReadingTurns();
  readonly #budget = new StandingBudget<Result>();

  constructor(files: StoreFiles, kind: ReadingKind<Result>) {
    this.#files = files;
    this.#kind = kind;
  }

  /** What stands exactly there, to go on with. */
  standingAt(partial: Partial, wanted: WantedOfPartial): Standing<Result> | null {
    const { standing } = this.#kind.knowledgeOf(partial);
    return standsAt(standing, wanted) ? standing : null;
  }

  /** Lets something come to stand there, by reading what it does not know yet. */
  follow(partial: Partial, { atBytes, algorithms }: WantedOfPartial): CatchingUp<Result> {
    const knowledge = this.#kind.knowledgeOf(partial);
    const { catchingUp, standing } = knowledge;
    if (catchingUp?.moveGoal(atBytes, algorithms) === true) return catchingUp;
    void catchingUp?.stop();
    const isOnTheWay =
      standing instanceof ThreadStanding &&
      standing.atBytes !== null &&
      standing.atBytes <= atBytes &&
      standing.covers(algorithms);
    if (!isOnTheWay) standing?.forget();
    const from = isOnTheWay ? standing : null;
    knowledge.standing = null;
    knowledge.catchingUp = this.#read(partial, { atBytes, algorithms }, from);
    return knowledge.catchingUp;
  }

  /** The same, unless what stands or is read goes that far, or further. */
  prepare(partial: Partial, wanted: WantedOfPartial): void {
    if (this.#reachOf(partial) < wanted.atBytes) this.follow(partial, wanted);
  }

  /** Forgets what is known of more bytes than so many: those behind them are no more. */
  cutTo(partial: Partial, atBytes: number): void {
    if (this.#reachOf(partial) > atBytes) this.forget(partial);
  }

  /** What there is to tell of the first bytes of a partial which no append changes; `cancelled` when the signal aborts before. */
  async resultAt(partial: Partial, wanted: WantedOfPartial, signal: CancelSignal): Promise<Result> {
    const asked = { ...wanted, signal };
    const near = await this.#nearResult(partial, asked, this.#kind.knowledgeOf(partial).standing);
    return near ?? (await this.follow(partial, wanted).resultAt(wanted.atBytes, signal));
  }

  /** The same, which leaves a partial as it is unless nothing is known of it. */
  async prefixResultAt(
    partial: Partial,
    wanted: WantedOfPartial,
    signal: CancelSignal,
  ): Promise<Result> {
    // While an append runs what stands moves on.
    const standing = partial.run === null ? this.#kind.knowledgeOf(partial).standing : null;
    const near = await this.#nearResult(partial, { ...wanted, signal }, standing);
    if (near !== null) return near;
    if (this.isUnknown(partial))
      return await this.follow(partial, wanted).resultAt(wanted.atBytes, signal);
    const reading = this.#read(partial, wanted, null);
    try {
      return await reading.resultAt(wanted.atBytes, signal);
    } finally {
      // Nobody else knows of it.
      void reading.stop();
    }
  }

  /** Whether nothing is known of its bytes, and nothing changes them. */
  isUnknown(partial: Partial): boolean {
    const { catchingUp, standing } = this.#kind.knowledgeOf(partial);
    return catchingUp === null && standing === null && partial.run === null;
  }

  /** Gives back what is held for a partial. */
  forget(partial: Partial): void {
    const knowledge = this.#kind.knowledgeOf(partial);
    const { catchingUp, standing } = knowledge;
    knowledge.catchingUp = null;
    knowledge.standing = null;
    void catchingUp?.stop();
    standing?.forget();
  }

  /** Resolves when no file is read any more. The threads must have ended. */
  async close(): Promise<void> {
    await Promise.all([...this.#catchingUp].map((each) => each.stop()));
  }

  #reachOf(partial: Partial): number {
    const { catchingUp, standing } = this.#kind.knowledgeOf(partial);
    return catchingUp?.goalBytes ?? standing?.atBytes ?? 0;
  }

  async #nearResult(
    partial: Partial,
    wanted: WantedOfPartial & { readonly signal: CancelSignal },
    standing: Standing<Result> | null,
  ): Promise<Result | null> {
    const { known, catchingUp } = this.#kind.knowledgeOf(partial);
    const { atBytes, algorithms, signal } = wanted;
    const isKnown = algorithms.every((algorithm) => known?.algorithms.includes(algorithm));
    if (known?.sizeBytes === atBytes && isKnown) return known.result;
    if (catchingUp?.comesBy(atBytes, algorithms) === true)
      return await catchingUp.resultAt(atBytes, signal);
    return standsAt(standing, wanted) ? await orCancelled(standing.result(), signal) : null;
  }

  #read(
    partial: Partial,
    wanted: WantedOfPartial,
    from: ThreadStanding<Result> | null,
  ): CatchingUp<Result> {
    const { incomingFile, readyFile } = this.#files.layout;
    const { fileSystem } = this.#files;
    const knowledge = this.#kind.knowledgeOf(partial);
    from?.thread.promise();
    const reading: CatchingUp<Result> = new CatchingUp<Result>({
      algorithms: wanted.algorithms,
      from,
      goalBytes: wanted.atBytes,
      turns: this.#turns,
      begin: () => this.#kind.begin(wanted.algorithms),
      openFile: async () =>
        (await orNullIfAbsent(fileSystem.open(incomingFile(partial.stagedId), "r"))) ??
        (await fileSystem.open(readyFile(partial.stagedId), "r")),
      onOver: (standing) => {
        this.#catchingUp.delete(reading);
        if (knowledge.catchingUp !== reading) return standing?.forget();
        knowledge.catchingUp = null;
        knowledge.standing = standing;
        this.#budget.keep(knowledge);
      },
    });
    this.#catchingUp.add(reading);
    return reading;
  }
}
