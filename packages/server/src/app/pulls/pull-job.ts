import type { UploadEntry } from "../../domain/partial-upload.ts";
import type { PulledFile } from "../../domain/update-session.ts";
import { pullDeed } from "../audit/deeds.ts";
import type { Core } from "../core.ts";
import { LiveTransfer } from "../live-transfers.ts";
import type { Whose } from "./after-pull.ts";
import { afterPull } from "./after-pull.ts";
import { serverOf } from "./open-source.ts";
import { failureOf, isOwnFailure, pullFailed, STORAGE_FAILED } from "./pull-failure.ts";
import { pullOnce, takeUp } from "./pull-once.ts";
import type { PullPlaces } from "./pull-places.ts";
import { dropLogin, findPulled, recordFailure } from "./settle-pull.ts";

/** How often a pull is tried that comes no further. */
export const TRIES_MAX = 5;
/** How often it is tried where even that can not be written down, before the file is left to its session's end. */
const VAIN_TRIES_MAX = 20;
/** How long is waited before it is tried again, in milliseconds: twice as long each time, and at most so long. */
export const RETRY_FIRST_MS = 1_000;
export const RETRY_MOST_MS = 30_000;

/** What a try came to. */
type TryEnd =
  /** Whether the file is READY or in ERROR now. */
  | { readonly kind: "settled" }
  | { readonly kind: "gone" }
  | { readonly kind: "again"; readonly sentence: string; readonly durableBytes: number };

interface JobParts {
  readonly core: Core;
  readonly entry: UploadEntry;
  readonly places: PullPlaces;
  /** Whether the server stops: then nothing is begun, and what is begun is cut. */
  readonly isStopping: () => boolean;
}

/** The server's own work on one file that is pulled, from its turn to the moment at which the file is READY or in ERROR. */
export class PullJob {
  readonly #parts: JobParts;
  #isOver = false;

  constructor(parts: JobParts) {
    this.#parts = parts;
  }

  /** Whether nothing is brought any more: what is left to do is what follows. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Resolves once nothing is to be done any more: also where the file is gone, or its session. Never rejects. */
  async run(): Promise<void> {
    const { core, entry } = this.#parts;
    try {
      const session = await core.catalog.findSessionHead(entry.sessionId);
      const row = await findPulled(core, entry);
      if (session === null || row === null) return;
      const { ownerId } = session.value;
      const endsAt = await core.access.endOf(session.value);
      await core.deeds.within(pullDeed(session.value), () =>
        this.#work({ ownerId, endsAt }, row.value),
      );
    } catch (error) {
      this.#tell(error);
    }
  }

  async #work(whose: Whose, file: PulledFile): Promise<void> {
    const isSettled = file.receipt.status !== "WAITING" || (await this.#bring(whose, file));
    this.#isOver = true;
    // While the server stops, what follows is left for the next start.
    if (isSettled && !this.#parts.isStopping()) await this.#finish(whose, file);
  }

  /** Tries until the file is settled; false where nothing of it is wanted any more, or the server stops. */
  async #bring(whose: Whose, file: PulledFile): Promise<boolean> {
    const { core, entry } = this.#parts;
    let best = (await core.catalog.findPartial(entry))?.durableBytes ?? 0;
    for (let vainTries = 1; vainTries <= VAIN_TRIES_MAX; vainTries += 1) {
      const end = await this.#unlessItFails(file, () => this.#tryInTurn(whose, file));
      if (end.kind !== "again") return end.kind === "settled";
      if (end.durableBytes > best) vainTries = 0;
      best = Math.max(best, end.durableBytes);
      if (vainTries >= TRIES_MAX) {
        const given = await this.#unlessItFails(file, () => this.#giveUp(file, end.sentence));
        if (given.kind !== "again") return given.kind === "settled";
      }
      if (!(await this.#rest(whose, vainTries))) return false;
    }
    return false;
  }

  /** Does it again later where what has come of the file can not be found out, or not be written down. */
  async #unlessItFails(file: PulledFile, work: () => Promise<TryEnd>): Promise<TryEnd> {
    try {
      return await work();
    } catch (error) {
      const failure = failureOf(file, error);
      if (failure.kind === "gone") return failure;
      this.#tell(error);
      return { kind: "again", sentence: STORAGE_FAILED, durableBytes: 0 };
    }
  }

  async #tryInTurn(whose: Whose, file: PulledFile): Promise<TryEnd> {
    const { core, places, isStopping } = this.#parts;
    const waiting = this.#wait(whose);
    let giveBack: (() => void) | null = null;
    try {
      // Whoever comes to be cut while the server stops has come too late for that.
      if (isStopping()) return { kind: "gone" };
      giveBack = await places.enter(serverOf(file), waiting.signal);
      return giveBack === null ? { kind: "gone" } : await this.#try(file, waiting);
    } finally {
      core.live.leave(waiting);
      giveBack?.();
    }
  }

  async #try(file: PulledFile, waiting: LiveTransfer): Promise<TryEnd> {
    const { core, entry } = this.#parts;
    let transfer: LiveTransfer | null = null;
    try {
      const taken = await takeUp(core, entry, waiting);
      if (taken === null) return await this.#goneOrSettled();
      transfer = taken.transfer;
      await pullOnce(core, taken);
      return { kind: "settled" };
    } catch (error) {
      return await this.#endOf(error, file, transfer);
    } finally {
      if (transfer !== null) core.live.leave(transfer);
    }
  }

  /** A file that does not wait may have been settled by a try that never heard of it. */
  async #goneOrSettled(): Promise<TryEnd> {
    const { core, entry } = this.#parts;
    const row = await findPulled(core, entry);
    return { kind: row === null ? "gone" : "settled" };
  }

  /** What becomes of the file after a try that failed: it may have been judged by then, or be gone. */
  async #endOf(error: unknown, file: PulledFile, transfer: LiveTransfer | null): Promise<TryEnd> {
    const { core, entry } = this.#parts;
    if (transfer?.signal.aborted === true) return { kind: "gone" };
    if (isOwnFailure(error)) this.#tell(error);
    const failure = failureOf(file, error);
    const durableBytes = transfer?.durableBytes ?? 0;
    const row = await findPulled(core, entry);
    if (row === null) return { kind: "gone" };
    if (row.value.receipt.status !== "WAITING") return { kind: "settled" };
    if (failure.kind === "gone") return failure;
    if (failure.kind === "passing")
      return { kind: "again", sentence: failure.sentence, durableBytes };
    await recordFailure(core, entry, failure.fault);
    return { kind: "settled" };
  }

  async #giveUp(file: PulledFile, sentence: string): Promise<TryEnd> {
    const { core, entry } = this.#parts;
    const told = `${sentence} It was tried ${TRIES_MAX} times.`;
    await recordFailure(core, entry, pullFailed(file, told));
    return { kind: "settled" };
  }

  /** Waits before the next try; false where it is cut meanwhile. */
  async #rest(whose: Whose, vainTries: number): Promise<boolean> {
    const { core, isStopping } = this.#parts;
    const waiting = this.#wait(whose);
    try {
      if (isStopping()) return false;
      const delayMs = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** Math.max(0, vainTries - 1));
      await core.clock.sleep(delayMs, waiting.signal);
      return true;
    } catch (error) {
      if (waiting.signal.aborted) return false;
      throw error;
    } finally {
      core.live.leave(waiting);
    }
  }

  /** Stands for the transfer that is to come, so that its session lives, and its end is noticed. (S104) */
  #wait({ ownerId, endsAt }: Whose): LiveTransfer {
    const { core, entry } = this.#parts;
    const { sessionId, entryId } = entry;
    const waiting = new LiveTransfer(sessionId, ownerId, entryId, core.time.now());
    waiting.phase = "waiting";
    waiting.holdsSession = true;
    waiting.endsAt = endsAt;
    // Nothing is ever written by it that the transfer to come would have to wait for.
    waiting.endWriting();
    core.live.enter(waiting);
    return waiting;
  }

  /** What follows, whatever the file has come to. */
  async #finish(whose: Whose, { from }: PulledFile): Promise<void> {
    const { core, entry } = this.#parts;
    await afterPull(core, entry, whose);
    if (from.sealedLogin !== undefined) await dropLogin(core, entry);
  }

  #tell(error: unknown): void {
    this.#parts.core.journal.trouble({ where: "pulling a file", error });
  }
}
