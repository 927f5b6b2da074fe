import type { ServerEvent } from "@contentlib/contract";
import type { AccountId, LibraryId, UpdateSessionId } from "../../domain/ids.ts";
import type { ToldEvent } from "../app.ts";

/** How many events are kept for listeners that lost their connection; the oldest go first. */
export const EVENTS_KEPT = 4096;

/** Whom an event concerns. */
export interface EventSubject {
  readonly sessionId: UpdateSessionId;
  readonly ownerId: AccountId;
  /** Null where the item went before its library was known. */
  readonly libraryId: LibraryId | null;
}

/** An event with whom it concerns. */
export interface LoggedEvent {
  readonly subject: EventSubject;
  /** Null for what only matters while it is new, and is not kept. */
  readonly sequence: number | null;
  readonly told: ToldEvent;
}

/**
 * The last events under ids that grow: `<boot>-<sequence>`. A place is the sequence of the event that came last before it, so
 * that a listener at a place is owed every event with a greater one.
 */
export class EventLog {
  readonly #boot: string;
  readonly #capacity: number;
  readonly #ring: LoggedEvent[] = [];
  #first = 1;
  #next = 1;

  /** `boot` differs with every start of the server, so that ids of another run are told apart. */
  constructor(boot: string, capacity = EVENTS_KEPT) {
    this.#boot = boot;
    this.#capacity = capacity;
  }

  /** The place after everything so far. */
  get place(): number {
    return this.#next - 1;
  }

  append(subject: EventSubject, event: ServerEvent): LoggedEvent {
    const told = { id: this.idOf(this.#next), event };
    const logged = { subject, sequence: this.#next, told };
    this.#ring[this.#next % this.#capacity] = logged;
    this.#next += 1;
    this.#first = Math.max(this.#first, this.#next - this.#capacity);
    return logged;
  }

  /** Forgets all events, and that nothing was missed: no place from before is known afterwards. */
  forget(): void {
    this.#ring.length = 0;
    this.#next += 1;
    this.#first = this.#next;
  }

  idOf(place: number): string {
    return `${this.#boot}-${place}`;
  }

  /** The place that an id names; null when events after it are lost, or it names none of ours. */
  placeOf(id: string): number | null {
    const dash = id.lastIndexOf("-");
    if (dash < 0 || id.slice(0, dash) !== this.#boot) return null;
    const digits = id.slice(dash + 1);
    const place = Number(digits);
    const isOurs = /^\d{1,15}$/.test(digits) && place >= this.#first - 1 && place < this.#next;
    return isOurs ? place : null;
  }

  /** All events after a place that `placeOf` or `place` gave, in their order. */
  *after(place: number): Iterable<LoggedEvent> {
    for (let sequence = place + 1; sequence < this.#next; sequence += 1) {
      const logged = this.#ring[sequence % this.#capacity];
      if (logged !== undefined) yield logged;
    }
  }
}
