import type { EventKind, ServerEvent } from "@contentlib/contract";
import type { EntryId } from "../../domain/ids.ts";
import type { Clock } from "../../ports/index.ts";
import type { LiveTransfer, LiveTransfers } from "../live-transfers.ts";
import type { EventSubject } from "./event-log.ts";
import type { ObservedFile, ObservedSession, ObservedSessions } from "./observed-sessions.ts";
import type { FileNews } from "./present-event.ts";
import { fileEvent } from "./present-event.ts";

/** How long a transfer is without a byte before it counts as stalled, in milliseconds. */
export const STALL_AFTER_MS = 30_000;

/** Over how long the rate of a transfer is taken, in milliseconds. */
const RATE_OVER_MS = 5_000;

interface Sample {
  readonly atMs: number;
  readonly bytes: number;
}

/** An upload that was seen moving. */
interface Watched {
  readonly transfer: LiveTransfer;
  readonly session: ObservedSession;
  readonly file: ObservedFile;
  status: "TRANSFERRING" | "VALIDATING";
  bytes: number;
  /** On the monotonic clock, as all times here. */
  lastByteAtMs: number;
  isStalled: boolean;
  samples: Sample[];
}

/** Where events go to. */
export interface EventTarget {
  publish(subject: EventSubject, event: ServerEvent): void;
}

interface WatchNeeds {
  readonly live: LiveTransfers;
  readonly clock: Pick<Clock, "now" | "monotonicMs">;
  readonly observed: ObservedSessions;
  readonly target: EventTarget;
}

const statusOf = (transfer: LiveTransfer): Watched["status"] =>
  transfer.phase === "validating" ? "VALIDATING" : "TRANSFERRING";

/** Sees by looking what no commit tells of uploads: that they move, how fast, that they fell silent, that they broke off. */
export class ProgressWatch {
  readonly #needs: WatchNeeds;
  readonly #watched = new Map<EntryId, Watched>();
  /** Transfers whose outcome is told, though they are still there for a moment. */
  readonly #settled = new WeakSet<LiveTransfer>();

  constructor(needs: WatchNeeds) {
    this.#needs = needs;
  }

  /** Looks at the uploads of the sessions that are followed, and tells what is new of them. */
  look(isFollowed: (subject: EventSubject) => boolean): void {
    const { live, observed } = this.#needs;
    const seen = new Set<EntryId>();
    for (const transfer of live.all()) {
      const { entryId } = transfer;
      if (entryId === null || transfer.signal.aborted || !transfer.hasBegun) continue;
      const session = observed.find(transfer.sessionId as EventSubject["sessionId"]);
      const file = session?.entry(entryId) ?? null;
      if (session === null || file === null || !isFollowed(session.subject)) continue;
      seen.add(entryId);
      this.#see(session, file, transfer);
    }
    for (const [entryId, watched] of this.#watched)
      if (!seen.has(entryId) && isFollowed(watched.session.subject)) this.#lose(entryId, watched);
  }

  /** The fate of an upload was told by a commit; `isOver` where it was the last of that transfer. */
  settle(session: ObservedSession, entryId: EntryId, isOver: boolean): void {
    const transfer = this.#needs.live.upload(session.subject.sessionId, entryId);
    if (isOver && transfer !== null) this.#settled.add(transfer);
    this.#watched.delete(entryId);
  }

  /** For how many seconds the upload has been silent, null while it is not stalled. */
  stalledSeconds(entryId: EntryId): number | null {
    const watched = this.#watched.get(entryId);
    return watched?.isStalled === true ? this.#silentSeconds(watched) : null;
  }

  clear(): void {
    this.#watched.clear();
  }

  #see(session: ObservedSession, file: ObservedFile, transfer: LiveTransfer): void {
    if (this.#settled.has(transfer) || file.entryId === null) return;
    let watched = this.#watched.get(file.entryId);
    if (watched !== undefined && watched.transfer !== transfer) {
      this.#lose(file.entryId, watched);
      watched = undefined;
    }
    if (watched === undefined) this.#begin(file.entryId, { session, file, transfer });
    else this.#goOn(watched);
  }

  #begin(entryId: EntryId, found: Pick<Watched, "session" | "file" | "transfer">): void {
    const { bytes } = found.transfer;
    const atMs = this.#needs.clock.monotonicMs();
    const watched: Watched = {
      ...found,
      status: statusOf(found.transfer),
      bytes,
      lastByteAtMs: this.#lastByteAtMs(found.transfer),
      isStalled: false,
      samples: [{ atMs, bytes }],
    };
    this.#watched.set(entryId, watched);
    this.#tell(watched, "FILE_STATUS");
    this.#stallIfSilent(watched);
  }

  #goOn(watched: Watched): void {
    const { transfer } = watched;
    const status = statusOf(transfer);
    const hasMoved = transfer.bytes > watched.bytes;
    if (hasMoved) {
      watched.bytes = transfer.bytes;
      // Not before the last look: a wall clock that jumped forward meanwhile stalls nobody.
      const lookedAtMs = watched.samples.at(-1)?.atMs ?? 0;
      watched.lastByteAtMs = Math.max(lookedAtMs, this.#lastByteAtMs(transfer));
    }
    this.#sample(watched);
    if (watched.isStalled && (hasMoved || status !== watched.status)) {
      watched.isStalled = false;
      this.#tell(watched, "RESUMED");
    }
    if (status !== watched.status) {
      watched.status = status;
      this.#tell(watched, "FILE_STATUS");
    } else if (hasMoved) {
      this.#tell(watched, "PROGRESS");
    }
    this.#stallIfSilent(watched);
  }

  #stallIfSilent(watched: Watched): void {
    const silentMs = this.#needs.clock.monotonicMs() - watched.lastByteAtMs;
    if (watched.isStalled || watched.status !== "TRANSFERRING" || silentMs < STALL_AFTER_MS) return;
    watched.isStalled = true;
    this.#tell(watched, "STALLED", { stalledSeconds: this.#silentSeconds(watched) });
  }

  /** The transfer is gone and nothing was recorded of it: the file waits for its bytes again. (S64) */
  #lose(entryId: EntryId, { session, file }: Watched): void {
    this.#watched.delete(entryId);
    const { clock, target } = this.#needs;
    const news: FileNews = {
      name: file.name,
      status: "WAITING_FOR_TRANSFER",
      bytesTransferred: 0,
      sizeBytes: file.declaredSizeBytes,
    };
    const event = fileEvent(session, { kind: "FILE_STATUS", at: clock.now() }, news);
    target.publish(session.subject, event);
  }

  #tell(watched: Watched, kind: EventKind, more: Partial<FileNews> = {}): void {
    const { session, file, status, bytes } = watched;
    const { clock, target } = this.#needs;
    const news: FileNews = {
      name: file.name,
      status,
      bytesTransferred: bytes,
      sizeBytes: file.declaredSizeBytes,
      bytesPerSecond: status === "TRANSFERRING" ? this.#rateOf(watched) : null,
      ...more,
    };
    target.publish(session.subject, fileEvent(session, { kind, at: clock.now() }, news));
  }

  #sample(watched: Watched): void {
    const atMs = this.#needs.clock.monotonicMs();
    watched.samples = watched.samples.filter((sample) => atMs - sample.atMs <= RATE_OVER_MS);
    watched.samples.push({ atMs, bytes: watched.bytes });
  }

  /** Bytes a second over the last moments; null as long as there is only one look to go by. */
  #rateOf({ samples }: Watched): number | null {
    const [first] = samples;
    const last = samples.at(-1);
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return null;
    return Math.round(((last.bytes - first.bytes) * 1000) / (last.atMs - first.atMs));
  }

  #silentSeconds({ lastByteAtMs }: Watched): number {
    return Math.floor((this.#needs.clock.monotonicMs() - lastByteAtMs) / 1000);
  }

  #lastByteAtMs({ lastByteAt }: LiveTransfer): number {
    const { clock } = this.#needs;
    return clock.monotonicMs() - Math.max(0, clock.now() - lastByteAt);
  }
}
