import type { ServerEvent } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { AccountId, LibraryId } from "../../domain/ids.ts";
import type { Catalog, ChangeSet, Closable, CommitOutcome } from "../../ports/index.ts";
import type { MayFollow } from "../access/revocation.ts";
import type { Caller } from "../call.ts";
import { Fault } from "../fault.ts";
import type { LiveTransfers } from "../live-transfers.ts";
import type { Ports } from "../ports.ts";
import type { Prepared } from "./change-teller.ts";
import { ChangeTeller } from "./change-teller.ts";
import type { EventSubject } from "./event-log.ts";
import { EventLog } from "./event-log.ts";
import type { Listener } from "./listener.ts";
import { inputOf, isWithin } from "./listener.ts";
import { ObservedSessions } from "./observed-sessions.ts";
import { ProgressWatch } from "./progress-watch.ts";

/** How many may listen at once, all sessions and libraries together. */
export const LISTENERS_MAX = 512;

/** How many of them may belong to one account, so that no user takes the places of all others. */
export const LISTENERS_PER_ACCOUNT_MAX = 32;

/** How often running uploads are looked at, in milliseconds: twice as often as who follows one is to hear of it. */
export const LOOK_PERIOD_MS = 500;

/** How long events are remembered when nobody listens any more, in milliseconds. */
export const REMEMBER_MS = 10 * 60_000;

/** Seconds to wait for one who could not listen. */
const RETRY_SECONDS = "10";

const noPlace = (reason: string): Fault =>
  new Fault(faultOf("server.unavailable", reason, RETRY_SECONDS));

interface FeedNeeds extends Pick<Ports, "catalog" | "clock" | "ids" | "journal"> {
  readonly live: LiveTransfers;
  readonly logins: { lives(caller: Caller): Promise<boolean> };
}

/**
 * What happens in update sessions, for all who listen. As long as nobody listens, and nobody did lately, it sleeps: commits pass
 * by, and nothing is kept.
 */
export class EventFeed {
  readonly log: EventLog;
  readonly observed: ObservedSessions;
  readonly watch: ProgressWatch;
  readonly #needs: FeedNeeds;
  readonly #teller: ChangeTeller;
  readonly #listeners = new Set<Listener>();
  readonly #committing = new Set<Promise<CommitOutcome>>();
  /** Grows when everything is forgotten: a commit that began before that is not told. */
  #age = 0;
  #places = 0;
  /** The places of each account that has some. */
  readonly #placesOf = new Map<AccountId, number>();
  #isAwake = false;
  #waking: Promise<unknown> = Promise.resolve();
  #leftAtMs = 0;
  #looking: Closable | null = null;
  #isClosed = false;

  constructor(needs: FeedNeeds) {
    this.#needs = needs;
    const { clock, live } = needs;
    this.log = new EventLog(needs.ids.entryId());
    this.observed = new ObservedSessions(needs.catalog, () => this.awake());
    this.watch = new ProgressWatch({ live, clock, observed: this.observed, target: this });
    this.#teller = new ChangeTeller({
      observed: this.observed,
      watch: this.watch,
      clock,
      target: this,
      libraryGone: (id) => this.#endLibrary(id),
    });
  }

  /** Streams that are open, and the events that wait for their readers. */
  get load(): { readonly streams: number; readonly waiting: number } {
    let waiting = 0;
    for (const listener of this.#listeners) waiting += listener.waiting;
    return { streams: this.#listeners.size, waiting };
  }

  /** Commits, and tells of it to those who listen. What goes wrong with telling never decides the fate of a commit. */
  async commit(catalog: Pick<Catalog, "commit">, changes: ChangeSet): Promise<CommitOutcome> {
    if (!this.#listens()) return await this.#perform(catalog, changes);
    let age: number;
    let prepared: Prepared | null = null;
    let trouble: { readonly error: unknown } | null = null;
    do {
      age = this.#age;
      try {
        const preparing = this.#teller.prepare(changes);
        prepared = preparing === null ? null : await preparing;
      } catch (error) {
        trouble = { error };
      }
      // What was prepared is forgotten when telling failed elsewhere meanwhile.
    } while (trouble === null && age !== this.#age);
    const outcome = await this.#perform(catalog, changes);
    if (outcome.kind !== "committed" || !this.#isAwake) return outcome;
    if (trouble !== null) this.#lose(trouble.error);
    else if (age === this.#age) this.#tell(changes, prepared);
    return outcome;
  }

  /** Tells an event to all it concerns. PROGRESS counts only while it is new, and has no id. */
  publish(subject: EventSubject, event: ServerEvent): void {
    const logged =
      event.kind === "PROGRESS"
        ? { subject, sequence: null, told: { id: null, event } }
        : this.log.append(subject, event);
    for (const listener of this.#listeners)
      if (isWithin(listener.scope, subject)) listener.offer(logged);
  }

  /**
   * Takes a place for one who wants to listen; it is given back by `leave`. When it resolves, every later commit is told. Throws a
   * fault where there is no place, and keeps none then.
   */
  async enter(accountId: AccountId): Promise<void> {
    const places = this.#placesOf.get(accountId) ?? 0;
    if (this.#isClosed) throw noPlace("it is shutting down");
    if (this.#places >= LISTENERS_MAX) throw noPlace("too many listen to events");
    if (places >= LISTENERS_PER_ACCOUNT_MAX)
      throw noPlace("too many clients of this user listen to events");
    this.#places += 1;
    this.#placesOf.set(accountId, places + 1);
    if (!this.#isAwake) {
      this.#isAwake = true;
      this.#waking = Promise.allSettled(this.#committing);
    }
    await this.#waking;
  }

  /** Resolves when every commit is done that nobody will tell of: what is read then, and told later, is everything. */
  async awake(): Promise<void> {
    await this.#waking;
  }

  leave(accountId: AccountId): void {
    const places = this.#placesOf.get(accountId) ?? 0;
    this.#places -= 1;
    if (places > 1) this.#placesOf.set(accountId, places - 1);
    else this.#placesOf.delete(accountId);
    this.#leftAtMs = this.#needs.clock.monotonicMs();
  }

  /** Tells the listener everything after the place, and everything that comes. */
  follow(listener: Listener, place: number): void {
    for (const logged of this.log.after(place))
      if (isWithin(listener.scope, logged.subject)) listener.offer(logged);
    this.#listeners.add(listener);
    if (this.#isClosed) listener.close();
    else this.#looking ??= this.#needs.clock.every(LOOK_PERIOD_MS, () => this.#look());
  }

  unfollow(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    this.#looking?.close();
    this.#looking = null;
  }

  /** Ends the streams of these accounts that their callers may not follow any more, or whose login is gone. */
  async endLost(accountIds: ReadonlySet<AccountId>, mayFollow: MayFollow): Promise<void> {
    for (const listener of this.#listeners) {
      const { scope, caller } = listener;
      if (!accountIds.has(caller.accountId)) continue;
      const lives = await this.#needs.logins.lives(caller);
      if (!lives || !(await mayFollow(inputOf(scope), caller))) listener.close();
    }
  }

  /** Ends every stream; none begins any more. */
  close(): void {
    this.#isClosed = true;
    for (const listener of this.#listeners) listener.close();
  }

  /** Whether commits are to be told; falls asleep when nobody has listened for long. */
  #listens(): boolean {
    if (!this.#isAwake || this.#places > 0) return this.#isAwake;
    if (this.#needs.clock.monotonicMs() - this.#leftAtMs <= REMEMBER_MS) return true;
    this.#isAwake = false;
    this.#forget();
    return false;
  }

  #forget(): void {
    this.#age += 1;
    this.log.forget();
    this.observed.clear();
    this.watch.clear();
  }

  async #perform(catalog: Pick<Catalog, "commit">, changes: ChangeSet): Promise<CommitOutcome> {
    const committing = catalog.commit(changes);
    this.#committing.add(committing);
    try {
      return await committing;
    } finally {
      this.#committing.delete(committing);
    }
  }

  #tell(changes: ChangeSet, prepared: Prepared | null): void {
    try {
      this.#teller.tell(changes, prepared);
    } catch (error) {
      this.#lose(error);
    }
  }

  /** A commit was not told, or in part: all begin anew, with what is there when the commits on their way are done. */
  #lose(error: unknown): void {
    this.#needs.journal.trouble({ where: "telling of a commit", error });
    this.#forget();
    this.#waking = Promise.allSettled(this.#committing);
    for (const listener of this.#listeners) listener.lose();
  }

  async #look(): Promise<void> {
    const { journal } = this.#needs;
    try {
      this.watch.look((subject) => this.#isFollowed(subject));
      await this.#endDeadLogins();
    } catch (error) {
      journal.trouble({ where: "telling of transfers", error });
    }
  }

  #isFollowed(subject: EventSubject): boolean {
    for (const { scope } of this.#listeners) if (isWithin(scope, subject)) return true;
    return false;
  }

  /** Listening is no use of a login: one that lapses, or is ended, takes its streams with it. */
  async #endDeadLogins(): Promise<void> {
    for (const listener of this.#listeners)
      if (!(await this.#needs.logins.lives(listener.caller))) listener.close();
  }

  #endLibrary(id: LibraryId): void {
    for (const listener of this.#listeners)
      if (listener.scope.kind === "library" && listener.scope.libraryId === id) listener.end();
  }
}
