import type {
  AccountId,
  DownloadSessionId,
  EntryId,
  Instant,
  StagedId,
  UpdateSessionId,
} from "../domain/ids.ts";
import type { CancelSignal } from "../ports/index.ts";

type SessionId = UpdateSessionId | DownloadSessionId;

/** Why a running transfer was cut. */
export type CutReason =
  | { readonly kind: "superseded" }
  | { readonly kind: "removed" }
  | { readonly kind: "client-gone" }
  /** `why` says in words what ended it, where that is more than its state tells; `keepsBytes` that what came is to outlive it. */
  | {
      readonly kind: "session-ended";
      readonly state: string;
      readonly why?: string;
      readonly keepsBytes?: true;
    }
  | { readonly kind: "shutdown" };

type Listener = () => void;

/** A signal the application itself raises: what `AbortController` is to the web, without the web. */
export class CutSignal implements CancelSignal {
  #reason: CutReason | null = null;
  readonly #listeners = new Set<Listener>();

  get aborted(): boolean {
    return this.#reason !== null;
  }

  get reason(): CutReason | null {
    return this.#reason;
  }

  addEventListener(_type: "abort", listener: Listener): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: Listener): void {
    this.#listeners.delete(listener);
  }

  cut(reason: CutReason): void {
    if (this.#reason !== null) return;
    this.#reason = reason;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }
}

/** A figure for each direction in which content is moved. */
export interface ByDirection {
  readonly upload: number;
  readonly download: number;
}

/** One transfer while it runs. */
export class LiveTransfer {
  readonly sessionId: SessionId;
  readonly ownerId: AccountId;
  /** The upload's entry; downloads have none, since any number may read one file. */
  readonly entryId: EntryId | null;
  readonly signal = new CutSignal();
  /** `waiting` for a turn of its own: it stands for a transfer that begins by itself. */
  phase: "waiting" | "open" | "moving" | "validating" = "open";
  /** Whether its session is active as long as it runs, with or without bytes: it begins, and ends, by itself. (S104) */
  holdsSession = false;
  bytes = 0;
  lastByteAt: Instant;
  /** When the token expires that the session was made with; null when nothing does. */
  endsAt: Instant | null = null;
  /** The staged bytes the transfer is making; the sweeper leaves them alone. */
  stagedId: StagedId | null = null;
  /** Of an upload: the number of the writer, greater than that of any before. */
  fence = 0;
  /** Of an upload: how many of the first bytes are safe. */
  durableBytes = 0;
  /** Of an upload: how many bytes the whole has, as far as it is known; once they have all come, how many those are. */
  lengthBytes: number | null = null;
  /** Whether bytes that the catalog knows of are not the transfer's to give up: its session ended such that they may be kept. */
  areBytesSpared = false;
  /** Whether a newer writer of the entry has come, whatever the transfer was cut by first. */
  isSuperseded = false;
  /** Of an upload: since when a newer writer waits for its last byte, on the monotonic clock; null before one has come. */
  waitedForSinceMs: number | null = null;
  readonly #written: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(sessionId: SessionId, ownerId: AccountId, entryId: EntryId | null, at: Instant) {
    this.sessionId = sessionId;
    this.ownerId = ownerId;
    this.entryId = entryId;
    this.lastByteAt = at;
  }

  get direction(): keyof ByDirection {
    return this.entryId === null ? "download" : "upload";
  }

  /** Whether a byte has come of it, or it was found that none is missing. */
  get hasBegun(): boolean {
    return this.phase === "moving" || this.phase === "validating";
  }

  /** When the transfer last was activity of its session, as seen at `now`. */
  activeAt(now: Instant): Instant {
    return this.holdsSession && !this.signal.aborted
      ? Math.max(now, this.lastByteAt)
      : this.lastByteAt;
  }

  /** Resolves once nothing of the transfer is being written any more. */
  get written(): Promise<void> {
    return this.#written.promise;
  }

  endWriting(): void {
    this.#written.resolve();
  }
}

/** All transfers that run in this process: what the catalog does not know yet. */
export class LiveTransfers {
  readonly #bySession = new Map<SessionId, Set<LiveTransfer>>();
  readonly #onIdle: (() => void)[] = [];
  readonly #onOver = new Map<SessionId, (() => void)[]>();
  /** Sessions that are about to end such that their bytes may be kept. */
  readonly #sparing = new Set<SessionId>();
  readonly #movedBytes = { upload: 0, download: 0 };
  #cuts = 0;

  /** How often transfers of ended sessions were cut: as long as it stays, no session has ended. */
  get cuts(): number {
    return this.#cuts;
  }

  /** Bytes that all transfers have moved since the start, those that run included. */
  get movedBytes(): ByDirection {
    return { ...this.#movedBytes };
  }

  /** Transfers that run; those that wait for their turn do not. */
  get running(): ByDirection {
    const running = { upload: 0, download: 0 };
    for (const { direction, phase } of this.all()) if (phase !== "waiting") running[direction] += 1;
    return running;
  }

  /** Notes that the transfer has moved so many bytes by now, of which some are new. */
  noteMoved(transfer: LiveTransfer, bytes: number, at: Instant): void {
    // A reader that begins anew has moved fewer than before, all of them again.
    this.#movedBytes[transfer.direction] += bytes < transfer.bytes ? bytes : bytes - transfer.bytes;
    transfer.bytes = bytes;
    transfer.lastByteAt = at;
  }

  /** Lets a transfer in. An older upload of the same entry is cut first: the newest writer wins. */
  enter(transfer: LiveTransfer): void {
    if (transfer.entryId !== null)
      for (const older of this.uploads(transfer.sessionId, transfer.entryId)) {
        older.isSuperseded = true;
        older.signal.cut({ kind: "superseded" });
      }
    const peers = this.#bySession.get(transfer.sessionId) ?? new Set();
    peers.add(transfer);
    this.#bySession.set(transfer.sessionId, peers);
  }

  leave(transfer: LiveTransfer): void {
    transfer.endWriting();
    const peers = this.#bySession.get(transfer.sessionId);
    if (peers === undefined) return;
    peers.delete(transfer);
    if (peers.size === 0) this.#leaveSession(transfer.sessionId);
    if (this.#bySession.size === 0) for (const notify of this.#onIdle.splice(0)) notify();
  }

  /** Resolves once no transfer of the session runs. */
  over(sessionId: SessionId): Promise<void> {
    if (!this.#bySession.has(sessionId)) return Promise.resolve();
    return new Promise((resolve) => {
      const waiting = this.#onOver.get(sessionId) ?? [];
      waiting.push(resolve);
      this.#onOver.set(sessionId, waiting);
    });
  }

  /** Resolves once no transfer runs. */
  idle(): Promise<void> {
    if (this.#bySession.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** The upload that holds the entry, if one runs and was not cut. */
  upload(sessionId: SessionId, entryId: EntryId): LiveTransfer | null {
    for (const transfer of this.#bySession.get(sessionId) ?? []) {
      if (transfer.entryId === entryId && !transfer.signal.aborted) return transfer;
    }
    return null;
  }

  /** All uploads of the entry that are not over yet, also those that were cut. */
  uploads(sessionId: SessionId, entryId: EntryId): readonly LiveTransfer[] {
    return [...(this.#bySession.get(sessionId) ?? [])].filter((each) => each.entryId === entryId);
  }

  /** From now on bytes that the catalog knows of are the business of whoever ends the session, and no transfer gives them up. */
  spareBytes(sessionId: SessionId): void {
    this.#sparing.add(sessionId);
  }

  /** The session has ended so, or not at all. */
  spareNoMore(sessionId: SessionId): void {
    this.#sparing.delete(sessionId);
  }

  areBytesSpared(transfer: LiveTransfer): boolean {
    return transfer.areBytesSpared || this.#sparing.has(transfer.sessionId);
  }

  /** Cuts the transfers of a session that is about to end in that state, to be gone on with in another one. */
  interruptSession(sessionId: SessionId, state: string): readonly LiveTransfer[] {
    const transfers = [...(this.#bySession.get(sessionId) ?? [])];
    for (const transfer of transfers) {
      transfer.areBytesSpared = true;
      transfer.signal.cut({ kind: "session-ended", state, keepsBytes: true });
    }
    return transfers;
  }

  /** Cuts the transfers of a session that has ended in that state, or is just about to. */
  cutSession(sessionId: SessionId, state: string, why?: string): void {
    this.#cuts += 1;
    for (const transfer of this.#bySession.get(sessionId) ?? []) {
      transfer.areBytesSpared ||= this.#sparing.has(sessionId);
      transfer.signal.cut({
        kind: "session-ended",
        state,
        ...(why === undefined ? {} : { why }),
      });
    }
  }

  cutAll(): void {
    for (const transfer of this.all()) transfer.signal.cut({ kind: "shutdown" });
  }

  /** When the session was last active by its transfers, as seen at `now`; null when none of it runs. */
  activeAt(sessionId: SessionId, now: Instant): Instant | null {
    let last: Instant | null = null;
    for (const transfer of this.#bySession.get(sessionId) ?? []) {
      const at = transfer.activeAt(now);
      if (last === null || at > last) last = at;
    }
    return last;
  }

  *all(): Iterable<LiveTransfer> {
    for (const peers of this.#bySession.values()) yield* peers;
  }

  #leaveSession(sessionId: SessionId): void {
    this.#bySession.delete(sessionId);
    const waiting = this.#onOver.get(sessionId) ?? [];
    this.#onOver.delete(sessionId);
    for (const notify of waiting) notify();
  }
}
