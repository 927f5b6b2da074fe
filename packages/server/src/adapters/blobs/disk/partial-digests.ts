import type { ChecksumAlgorithm } from "../../../domain/checksum.ts";
import type { CancelSignal } from "../../../ports/clock.ts";
import { type Digests, covers } from "../running-digests.ts";
import { orCancelled } from "../or-cancelled.ts";
import { CatchingUp } from "./catching-up.ts";
import { orNullIfAbsent } from "./file-errors.ts";
import type { Partial } from "./partial-table.ts";
import { ReadingTurns } from "./reading-turns.ts";
import type { StagingEngines } from "./staging-engines.ts";
import type { StoreFiles } from "./store-files.ts";
import { type StandingDigests, ThreadDigests } from "./standing-digests.ts";

/** Which digests are wanted of how many first bytes. */
export interface DigestsWanted {
  readonly atBytes: number;
  readonly algorithms: readonly ChecksumAlgorithm[];
}

const standsAt = (
  standing: StandingDigests | null,
  { atBytes, algorithms }: DigestsWanted,
): standing is StandingDigests => standing?.atBytes === atBytes && standing.covers(algorithms);

/** Where the digests of partials come from: from what stands, or from reading the file. */
export class PartialDigests {
  readonly #files: StoreFiles;
  readonly #engines: StagingEngines;
  readonly #catchingUp = new Set<CatchingUp>();
  readonly #turns = new ReadingTurns();

  constructor(files: StoreFiles, engines: StagingEngines) {
    this.#files = files;
    this.#engines = engines;
  }

  /** The digests that stand exactly there, to go on with. */
  standingAt(partial: Partial, wanted: DigestsWanted): StandingDigests | null {
    return standsAt(partial.standing, wanted) ? partial.standing : null;
  }

  /** Lets the digests come to stand there, by reading what they do not know yet. */
  follow(partial: Partial, { atBytes, algorithms }: DigestsWanted): CatchingUp {
    const { catchingUp, standing } = partial;
    if (catchingUp?.moveGoal(atBytes, algorithms) === true) return catchingUp;
    void catchingUp?.stop();
    const isOnTheWay =
      standing instanceof ThreadDigests &&
      standing.atBytes !== null &&
      standing.atBytes <= atBytes &&
      standing.covers(algorithms);
    if (!isOnTheWay) standing?.forget();
    const from = isOnTheWay ? standing : null;
    partial.standing = null;
    partial.catchingUp = this.#read(partial, { atBytes, algorithms }, from);
    return partial.catchingUp;
  }

  /** The digests of the first bytes of a partial which no append changes; `cancelled` when the signal aborts before. */
  async digestsAt(partial: Partial, wanted: DigestsWanted, signal: CancelSignal): Promise<Digests> {
    const asked = { ...wanted, signal };
    const near = await this.#nearDigests(partial, asked, partial.standing);
    return near ?? (await this.follow(partial, wanted).digestsAt(wanted.atBytes, signal));
  }

  /** The same, which leaves a partial as it is unless nothing is known of it. */
  async prefixDigestsAt(
    partial: Partial,
    wanted: DigestsWanted,
    signal: CancelSignal,
  ): Promise<Digests> {
    // While an append runs its digests move on.
    const standing = partial.run === null ? partial.standing : null;
    const near = await this.#nearDigests(partial, { ...wanted, signal }, standing);
    if (near !== null) return near;
    const isUnknown = partial.catchingUp === null && partial.standing === null;
    if (isUnknown && partial.run === null)
      return await this.follow(partial, wanted).digestsAt(wanted.atBytes, signal);
    const reading = this.#read(partial, wanted, null);
    try {
      return await reading.digestsAt(wanted.atBytes, signal);
    } finally {
      // Nobody else knows of it.
      void reading.stop();
    }
  }

  /** Gives back what is held for a partial. */
  forget(partial: Partial): void {
    const { catchingUp, standing } = partial;
    partial.catchingUp = null;
    partial.standing = null;
    void catchingUp?.stop();
    standing?.forget();
  }

  /** Resolves when no file is read any more. The threads must have ended. */
  async close(): Promise<void> {
    await Promise.all([...this.#catchingUp].map((each) => each.stop()));
  }

  async #nearDigests(
    partial: Partial,
    wanted: DigestsWanted & { readonly signal: CancelSignal },
    standing: StandingDigests | null,
  ): Promise<Digests | null> {
    const { known, catchingUp } = partial;
    const { atBytes, algorithms, signal } = wanted;
    if (known?.sizeBytes === atBytes && covers(known.digests, algorithms)) return known.digests;
    if (catchingUp?.comesBy(atBytes, algorithms) === true)
      return await catchingUp.digestsAt(atBytes, signal);
    return standsAt(standing, wanted) ? await orCancelled(standing.digests(), signal) : null;
  }

  #read(partial: Partial, wanted: DigestsWanted, from: ThreadDigests | null): CatchingUp {
    const { incomingFile, readyFile } = this.#files.layout;
    const { fileSystem } = this.#files;
    from?.thread.promise();
    const reading: CatchingUp = new CatchingUp({
      algorithms: wanted.algorithms,
      from,
      goalBytes: wanted.atBytes,
      turns: this.#turns,
      beginDigests: () => this.#engines.beginDigests(wanted.algorithms),
      openFile: async () =>
        (await orNullIfAbsent(fileSystem.open(incomingFile(partial.stagedId), "r"))) ??
        (await fileSystem.open(readyFile(partial.stagedId), "r")),
      onOver: (digests) => {
        this.#catchingUp.delete(reading);
        if (partial.catchingUp !== reading) return digests?.forget();
        partial.catchingUp = null;
        partial.standing = digests;
      },
    });
    this.#catchingUp.add(reading);
    return reading;
  }
}
