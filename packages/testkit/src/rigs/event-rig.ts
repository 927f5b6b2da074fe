import type { ServerEvent } from "@contentlib/contract";
import type { EventStream, ToldEvent } from "@contentlib/server/app/app";
import type { Caller } from "@contentlib/server/app/call";
import { aCall, RIG_ACCOUNT } from "./app-rig.ts";
import { SessionRig } from "./session-rig.ts";

/** A turn of the event loop: whoever waits for what has happened gets to run. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** An event without what every event of the rig has alike. */
type News = Omit<ServerEvent, "time" | "update_session_id" | "library_item_id" | "library_id">;

const newsOf = ({
  time: _time,
  update_session_id: _session,
  library_item_id: _item,
  library_id: _library,
  ...news
}: ServerEvent): News => news;

/** One who reads a stream as fast as it comes, and keeps everything. */
export class Follow {
  readonly told: ToldEvent[] = [];
  isOver = false;
  failure: unknown = null;
  readonly #stream: EventStream;
  #seen = 0;

  constructor(stream: EventStream) {
    this.#stream = stream;
    void this.#read();
  }

  /** The id of the last place that was told. */
  get lastId(): string | null {
    return this.told.findLast(({ id }) => id !== null)?.id ?? null;
  }

  get ids(): readonly string[] {
    return this.told.flatMap(({ id }) => (id === null ? [] : [id]));
  }

  get events(): readonly ServerEvent[] {
    return this.told.flatMap(({ event }) => (event === null ? [] : [event]));
  }

  /** What was told since the last time, once all that has happened by now is told. */
  async news(): Promise<readonly News[]> {
    await turn();
    const told = this.told.slice(this.#seen);
    this.#seen = this.told.length;
    return told.flatMap(({ event }) => (event === null ? [] : [newsOf(event)]));
  }

  /** The kinds of what was told since the last time. */
  async kinds(): Promise<readonly string[]> {
    return (await this.news()).map(({ kind }) => kind);
  }

  close(): void {
    this.#stream.close();
  }

  async #read(): Promise<void> {
    try {
      for (;;) {
        const told = await this.#stream.next();
        if (told === null) break;
        this.told.push(...told);
      }
    } catch (error) {
      this.failure = error;
    }
    this.isOver = true;
  }
}

/** A session rig whose caller has a login, so that streams of events live. */
export class EventRig {
  readonly session: SessionRig;
  libraryId = "";

  private constructor(session: SessionRig) {
    this.session = session;
  }

  static async open(...around: Parameters<typeof SessionRig.open>): Promise<EventRig> {
    const session = await SessionRig.open(...around);
    const rig = new EventRig(session);
    await rig.logIn();
    rig.libraryId = (await session.item()).library_id;
    return rig;
  }

  /** Makes the login of the rig's calls, or makes it anew. */
  async logIn(): Promise<void> {
    const { clock, storage } = this.session;
    const { loginHash } = aCall().caller;
    const at = clock.now();
    const login = { idHash: loginHash, accountId: RIG_ACCOUNT, createdAt: at, lastAccessedAt: at };
    await storage.catalog.commit([{ kind: "login.put", login }]);
  }

  open(
    input: { readonly update_session_id?: string; readonly library_id?: string },
    lastEventId: string | null = null,
    caller: Caller = aCall().caller,
  ): Promise<EventStream | null> {
    return this.session.rig.app.events.open(input, { caller, lastEventId });
  }

  async followSession(lastEventId: string | null = null): Promise<Follow> {
    return this.#following(
      await this.open({ update_session_id: this.session.sessionId }, lastEventId),
    );
  }

  async followLibrary(lastEventId: string | null = null): Promise<Follow> {
    return this.#following(await this.open({ library_id: this.libraryId }, lastEventId));
  }

  #following(stream: EventStream | null): Follow {
    if (stream === null) throw new Error("There is nothing more to hear.");
    return new Follow(stream);
  }
}
