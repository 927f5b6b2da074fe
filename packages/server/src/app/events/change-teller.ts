import type { EventKind } from "@contentlib/contract";
import type { LibraryId, UpdateSessionId } from "../../domain/ids.ts";
import type { EntryProgress } from "../../domain/session-file/view.ts";
import { viewSessionFile } from "../../domain/session-file/view.ts";
import type { SessionFile, UpdateSession } from "../../domain/update-session.ts";
import type { Change, ChangeSet, Clock } from "../../ports/index.ts";
import type { ObservedSessions } from "./observed-sessions.ts";
import { ObservedSession } from "./observed-sessions.ts";
import { createdEvent, fileEvent, isFinal, sessionEvent } from "./present-event.ts";
import type { EventTarget, ProgressWatch } from "./progress-watch.ts";

/** What must be known before a change set is committed to tell of it afterwards: the libraries of sessions that begin. */
export type Prepared = ReadonlyMap<UpdateSessionId, LibraryId | null>;

interface TellerNeeds {
  readonly observed: ObservedSessions;
  readonly watch: ProgressWatch;
  readonly clock: Pick<Clock, "now">;
  readonly target: EventTarget;
  /** Told of libraries that are deleted. */
  readonly libraryGone: (id: LibraryId) => void;
}

type FilePut = Extract<Change, { readonly kind: "session-file.put" }>;

const NOTHING: Prepared = new Map();

/** The session a change is about, as far as events are concerned; null for all others. */
const sessionOf = (change: Change): UpdateSessionId | null => {
  switch (change.kind) {
    case "session.put":
      return change.session.id;
    case "session-file.put":
    case "session-file.delete":
      return change.sessionId;
    default:
      return null;
  }
};

/**
 * Tells what committed changes mean to those who follow sessions. It stands behind the catalog and not in the operations, so
 * that no operation can forget to tell.
 */
export class ChangeTeller {
  readonly #needs: TellerNeeds;

  constructor(needs: TellerNeeds) {
    this.#needs = needs;
  }

  /** Reads what the changes do not say themselves. Waits for nothing where all is known. */
  prepare(changes: ChangeSet): Promise<Prepared> | null {
    const { observed } = this.#needs;
    const created = changes.filter((change) => change.kind === "session.create");
    const learning = changes.flatMap((change) => {
      const id = sessionOf(change);
      const wait = id === null ? null : observed.learn(id);
      return wait === null ? [] : [wait];
    });
    if (created.length === 0 && learning.length === 0) return null;
    return this.#read(
      created.map(({ session }) => session),
      learning,
    );
  }

  /** Tells of changes that are committed. */
  tell(changes: ChangeSet, prepared: Prepared | null): void {
    for (const change of changes)
      if (change.kind === "session-file.put") this.#tellPut(change, changes);
      else this.#tellOne(change, prepared ?? NOTHING);
  }

  async #read(
    created: readonly UpdateSession[],
    learning: readonly Promise<void>[],
  ): Promise<Prepared> {
    const { observed } = this.#needs;
    const libraries = created.map(
      async ({ id, itemId }) => [id, await observed.libraryOf(itemId)] as const,
    );
    // All at once: a read that fails while nobody waits for it yet would be an error that nobody caught.
    const [known] = await Promise.all([Promise.all(libraries), ...learning]);
    return new Map(known);
  }

  #tellOne(change: Change, prepared: Prepared): void {
    const { observed, libraryGone } = this.#needs;
    switch (change.kind) {
      case "session.create":
        return this.#begin(change.session, change.files, prepared.get(change.session.id) ?? null);
      case "session.put":
        return this.#end(change.session);
      case "session-file.delete": {
        const session = observed.find(change.sessionId);
        return session === null ? undefined : this.#removeFile(session, change.name);
      }
      case "library.delete":
        return libraryGone(change.id);
      // The end of a deleted session was told when it ended.
      default:
        return undefined;
    }
  }

  #begin(session: UpdateSession, files: readonly SessionFile[], libraryId: LibraryId | null): void {
    const { observed, clock, target } = this.#needs;
    const begun = new ObservedSession(session, libraryId, files);
    observed.add(begun);
    target.publish(begun.subject, createdEvent(begun, clock.now()));
  }

  #end(session: UpdateSession): void {
    const { observed, watch, clock, target } = this.#needs;
    const known = observed.find(session.id);
    if (known === null || session.state === "ACTIVE") return;
    observed.forget(session.id);
    for (const entryId of known.entryIds) watch.settle(known, entryId, true);
    const event = sessionEvent(known, session, clock.now());
    if (isFinal(event)) target.publish(known.subject, event);
  }

  #tellPut({ sessionId, file }: FilePut, changes: ChangeSet): void {
    const session = this.#needs.observed.find(sessionId);
    if (session !== null) this.#putFile(session, file, handedWith(file, changes));
  }

  #putFile(session: ObservedSession, file: SessionFile, progress: EntryProgress | null): void {
    const { watch } = this.#needs;
    const former = session.file(file.name);
    const entryId = file.source !== "NONE" ? file.entryId : null;
    if (former !== null && former.entryId !== null)
      watch.settle(session, former.entryId, former.entryId !== entryId || isOver(file));
    const isSame = former !== null && former.entryId === entryId;
    session.put(file);
    this.#tellFile(session, isSame ? "FILE_STATUS" : "FILE_ADDED", { file, progress });
  }

  #tellFile(
    session: ObservedSession,
    kind: EventKind,
    { file, progress }: { readonly file: SessionFile; readonly progress: EntryProgress | null },
  ): void {
    const { clock, target } = this.#needs;
    const view = viewSessionFile(file, progress);
    const declared = session.file(file.name)?.declaredSizeBytes ?? null;
    const event = fileEvent(
      session,
      { kind, at: clock.now() },
      {
        name: view.name,
        status: view.status,
        bytesTransferred: view.bytesTransferred,
        sizeBytes: view.sizeBytes ?? declared,
        errorMessage: view.errorMessage,
      },
    );
    target.publish(session.subject, event);
  }

  #removeFile(session: ObservedSession, name: string): void {
    const { watch, clock, target } = this.#needs;
    const former = session.file(name);
    if (former !== null && former.entryId !== null) watch.settle(session, former.entryId, true);
    session.remove(name);
    const event = fileEvent(session, { kind: "FILE_REMOVED", at: clock.now() }, { name });
    target.publish(session.subject, event);
  }
}

/** The bytes that an added file begins with, where the set hands it some. */
const handedWith = (file: SessionFile, changes: ChangeSet): EntryProgress | null => {
  if (file.source === "NONE") return null;
  for (const change of changes)
    if (change.kind === "partial.put" && change.partial.entryId === file.entryId)
      return { phase: "WAITING_FOR_TRANSFER", receivedBytes: change.partial.durableBytes };
  return null;
};

/** Whether the file's transfer has come to its end, one way or the other. */
const isOver = (file: SessionFile): boolean =>
  file.source !== "NONE" && file.receipt.status !== "WAITING";
