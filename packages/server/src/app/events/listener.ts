import type { AccountId, LibraryId, UpdateSessionId } from "../../domain/ids.ts";
import type { ToldEvent } from "../app.ts";
import type { Caller } from "../call.ts";
import type { EventSubject, LoggedEvent } from "./event-log.ts";
import { isFinal } from "./present-event.ts";

/** How many events may wait for one listener; one that is so far behind gets GAP and the present state instead. */
export const WAITING_EVENTS_MAX = 1024;

/** What a listener follows. */
export type Scope =
  | { readonly kind: "session"; readonly sessionId: UpdateSessionId }
  | { readonly kind: "library"; readonly libraryId: LibraryId; readonly ownerId: AccountId };

/** Whether an event belongs to what is followed. */
export const isWithin = (scope: Scope, subject: EventSubject): boolean =>
  scope.kind === "session"
    ? subject.sessionId === scope.sessionId
    : subject.libraryId === scope.libraryId && subject.ownerId === scope.ownerId;

/** What the caller asked for who follows it. */
export const inputOf = (
  scope: Scope,
): { readonly update_session_id: string } | { readonly library_id: string } =>
  scope.kind === "session"
    ? { update_session_id: scope.sessionId }
    : { library_id: scope.libraryId };

const fileKey = ({ event }: ToldEvent): string | null =>
  event?.file_name === undefined ? null : `${event.update_session_id ?? ""} ${event.file_name}`;

/**
 * One who listens, and what waits for it. Events that are kept wait in their order. Of PROGRESS only the newest of a file waits,
 * and none that a later event of the file has overtaken, so that a slow reader skips figures and never sees them fall.
 */
export class Listener {
  readonly scope: Scope;
  readonly caller: Caller;
  #waiting: LoggedEvent[] = [];
  readonly #progress = new Map<string, ToldEvent>();
  #state: "open" | "ending" | "closed" = "open";
  #isLost = false;
  #notify: (() => void) | null = null;

  constructor(scope: Scope, caller: Caller) {
    this.scope = scope;
    this.caller = caller;
  }

  get isClosed(): boolean {
    return this.#state === "closed";
  }

  /** How much waits for it. */
  get waiting(): number {
    return this.#waiting.length + this.#progress.size;
  }

  /** Whether nothing more will come, and nothing waits. */
  get isOver(): boolean {
    return this.#state !== "open" && this.#waiting.length === 0;
  }

  /** Whether an event waits after which nothing can come of the session. */
  get awaitsFinal(): boolean {
    return this.#waiting.some(({ told }) => told.event !== null && isFinal(told.event));
  }

  /** The first event that waits; null where none does. */
  get first(): LoggedEvent | null {
    return this.#waiting[0] ?? null;
  }

  /** Whether events that were to be told are lost. */
  get isLost(): boolean {
    return this.#isLost;
  }

  offer(logged: LoggedEvent): void {
    if (this.#state !== "open") return;
    const { told } = logged;
    const key = fileKey(told);
    if (told.event?.kind === "PROGRESS" && key !== null) {
      this.#progress.set(key, told);
    } else {
      if (key !== null) this.#progress.delete(key);
      this.#enqueue(logged);
    }
    this.#wake();
  }

  /** Takes everything that waits: events that are kept, then figures. */
  take(): readonly ToldEvent[] {
    const taken = [...this.#waiting.map(({ told }) => told), ...this.#progress.values()];
    this.#waiting = [];
    this.#progress.clear();
    return taken;
  }

  /** Drops what waits of a session, whose present state is about to be read: that tells it all. */
  drop(sessionId: UpdateSessionId): void {
    this.#waiting = this.#waiting.filter(({ subject }) => subject.sessionId !== sessionId);
    for (const [key, told] of this.#progress)
      if (told.event?.update_session_id === sessionId) this.#progress.delete(key);
  }

  /** Events that were to be told are lost: GAP and the present state come instead. */
  lose(): void {
    if (this.#state !== "open") return;
    this.startOver();
    this.#isLost = true;
    this.#wake();
  }

  /** Begins anew after a loss. */
  startOver(): void {
    this.#isLost = false;
    this.#waiting = [];
    this.#progress.clear();
  }

  /** Resolves when something waits or the end has come. */
  async changed(): Promise<void> {
    if (this.#state !== "open" || this.#isLost) return;
    if (this.#waiting.length > 0 || this.#progress.size > 0) return;
    await new Promise<void>((resolve) => (this.#notify = resolve));
  }

  /** Nothing more comes; what waits is still told. */
  end(): void {
    if (this.#state === "open") this.#state = "ending";
    this.#wake();
  }

  close(): void {
    this.#state = "closed";
    this.startOver();
    this.#wake();
  }

  #enqueue(logged: LoggedEvent): void {
    if (this.#isLost) return;
    if (this.#waiting.length >= WAITING_EVENTS_MAX) {
      this.startOver();
      this.#isLost = true;
    } else {
      this.#waiting.push(logged);
    }
  }

  #wake(): void {
    const notify = this.#notify;
    this.#notify = null;
    notify?.();
  }
}
