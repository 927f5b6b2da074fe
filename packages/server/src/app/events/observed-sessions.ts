import type { EntryId, ItemId, LibraryId, UpdateSessionId } from "../../domain/ids.ts";
import type { SessionFile, UpdateSession } from "../../domain/update-session.ts";
import type { CatalogReader } from "../../ports/index.ts";
import type { EventSubject } from "./event-log.ts";

/** A file of an observed session, as far as events need it. */
export interface ObservedFile {
  readonly name: string;
  /** Null where the session leaves the file as it is. */
  readonly entryId: EntryId | null;
  readonly declaredSizeBytes: number | null;
}

/** An ACTIVE session whose changes can be told: what a change itself does not say of it. */
export class ObservedSession {
  readonly subject: EventSubject;
  readonly itemId: ItemId;
  readonly #files = new Map<string, ObservedFile>();
  readonly #byEntry = new Map<EntryId, ObservedFile>();

  constructor(
    session: Pick<UpdateSession, "id" | "ownerId" | "itemId">,
    libraryId: LibraryId | null,
    files: readonly SessionFile[],
  ) {
    this.subject = { sessionId: session.id, ownerId: session.ownerId, libraryId };
    this.itemId = session.itemId;
    for (const file of files) this.put(file);
  }

  get entryIds(): Iterable<EntryId> {
    return this.#byEntry.keys();
  }

  file(name: string): ObservedFile | null {
    return this.#files.get(name) ?? null;
  }

  entry(entryId: EntryId): ObservedFile | null {
    return this.#byEntry.get(entryId) ?? null;
  }

  put(file: SessionFile): void {
    this.remove(file.name);
    const observed: ObservedFile = {
      name: file.name,
      entryId: file.source !== "NONE" ? file.entryId : null,
      declaredSizeBytes: file.source !== "NONE" ? (file.declaredSizeBytes ?? null) : null,
    };
    this.#files.set(file.name, observed);
    if (observed.entryId !== null) this.#byEntry.set(observed.entryId, observed);
  }

  remove(name: string): void {
    const entryId = this.#files.get(name)?.entryId ?? null;
    this.#files.delete(name);
    if (entryId !== null) this.#byEntry.delete(entryId);
  }
}

/** The ACTIVE sessions that events are told of, each read once and then kept in step with the commits. */
export class ObservedSessions {
  readonly #catalog: Pick<CatalogReader, "findSession" | "findItem">;
  readonly #known = new Map<UpdateSessionId, ObservedSession>();
  readonly #learning = new Map<UpdateSessionId, Promise<void>>();
  readonly #awake: () => Promise<unknown>;
  /** Grows when all is forgotten: what was read for before that may be old. */
  #age = 0;

  /** `awake` resolves when every commit that nobody will tell of is done: only then is reading sure to see it. */
  constructor(
    catalog: Pick<CatalogReader, "findSession" | "findItem">,
    awake: () => Promise<unknown>,
  ) {
    this.#catalog = catalog;
    this.#awake = awake;
  }

  find(id: UpdateSessionId): ObservedSession | null {
    return this.#known.get(id) ?? null;
  }

  add(session: ObservedSession): void {
    this.#known.set(session.subject.sessionId, session);
  }

  forget(id: UpdateSessionId): void {
    this.#known.delete(id);
  }

  clear(): void {
    this.#age += 1;
    this.#known.clear();
  }

  /** Makes the session known if it is ACTIVE; null when it is known already, so that nobody waits for nothing. */
  learn(id: UpdateSessionId): Promise<void> | null {
    if (this.#known.has(id)) return null;
    const running = this.#learning.get(id);
    if (running !== undefined) return running;
    const learning = this.#read(id).finally(() => this.#learning.delete(id));
    this.#learning.set(id, learning);
    return learning;
  }

  async libraryOf(itemId: ItemId): Promise<LibraryId | null> {
    return (await this.#catalog.findItem(itemId))?.value.libraryId ?? null;
  }

  async #read(id: UpdateSessionId): Promise<void> {
    let age: number;
    let session: ObservedSession | null;
    do {
      age = this.#age;
      await this.#awake();
      session = await this.#readActive(id);
    } while (age !== this.#age);
    if (session !== null && !this.#known.has(id)) this.add(session);
  }

  async #readActive(id: UpdateSessionId): Promise<ObservedSession | null> {
    const row = await this.#catalog.findSession(id);
    if (row === null || row.value.state !== "ACTIVE") return null;
    const libraryId = await this.libraryOf(row.value.itemId);
    const files = row.files.map((file) => file.value);
    return new ObservedSession(row.value, libraryId, files);
  }
}
