import type { ServerEvent } from "@contentlib/contract";
import type { UpdateSessionId } from "../../domain/ids.ts";
import type { FindProgress } from "../../domain/session-file/view.ts";
import { viewSessionFile } from "../../domain/session-file/view.ts";
import type { BroughtFile, SessionFile, UpdateSession } from "../../domain/update-session.ts";
import type { ToldEvent } from "../app.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { loadLibrary } from "../library/access.ts";
import type { SessionCore } from "../update-session/access.ts";
import { loadSession } from "../update-session/access.ts";
import { progressIn } from "../update-session-file/access.ts";
import type { EventFeed } from "./event-feed.ts";
import type { Listener, Scope } from "./listener.ts";
import { ObservedSession } from "./observed-sessions.ts";
import { fileEvent, gapEvent, sessionEvent } from "./present-event.ts";

/** What following takes. */
export interface FollowCore extends SessionCore, Pick<Core, "access" | "refusals"> {
  readonly feed: EventFeed;
}

/** The ACTIVE sessions within a scope that the caller sees. */
const activeSessions = async (
  core: FollowCore,
  scope: Scope,
): Promise<readonly UpdateSessionId[]> => {
  if (scope.kind === "session") return [scope.sessionId];
  const rows = await core.catalog.listActiveSessions({ libraryId: scope.libraryId });
  return rows.flatMap(({ value }) => (value.ownerId === scope.ownerId ? [value.id] : []));
};

/** Makes sure that whatever moves within the scope will be told. */
export const learnScope = async (core: FollowCore, scope: Scope): Promise<void> => {
  for (const id of await activeSessions(core, scope)) await core.feed.observed.learn(id);
};

/** A file as it is now. Files that a session leaves as they are, are no news. */
const presentFile = (
  core: FollowCore,
  session: ObservedSession,
  { file, find }: { readonly file: BroughtFile; readonly find: FindProgress },
): readonly ServerEvent[] => {
  const at = core.time.now();
  const view = viewSessionFile(file, find(file.entryId));
  const news = {
    name: view.name,
    status: view.status,
    bytesTransferred: view.bytesTransferred,
    sizeBytes: view.sizeBytes ?? file.declaredSizeBytes ?? null,
    errorMessage: view.errorMessage,
  };
  const stalledSeconds = core.feed.watch.stalledSeconds(file.entryId);
  return [
    fileEvent(session, { kind: "FILE_STATUS", at }, news),
    ...(stalledSeconds === null
      ? []
      : [fileEvent(session, { kind: "STALLED", at }, { ...news, stalledSeconds })]),
  ];
};

const presentOf = async (
  core: FollowCore,
  session: UpdateSession,
  files: readonly SessionFile[],
): Promise<readonly ServerEvent[]> => {
  const known =
    core.feed.observed.find(session.id) ??
    new ObservedSession(session, await core.feed.observed.libraryOf(session.itemId), files);
  const state = sessionEvent(known, session, core.time.now());
  if (session.state !== "ACTIVE") return [state];
  const pushed = files.filter((file) => file.source !== "NONE");
  const find = await progressIn(core, session.id);
  return [state, ...pushed.flatMap((file) => presentFile(core, known, { file, find }))];
};

/** The present state of one session, in place of whatever waits of it for the listener. */
const readSession = async (
  core: FollowCore,
  listener: Listener,
  id: UpdateSessionId,
): Promise<readonly ServerEvent[]> => {
  const { feed } = core;
  await feed.observed.learn(id);
  feed.watch.look(({ sessionId }) => sessionId === id);
  listener.drop(id);
  try {
    const row = await loadSession(core, id);
    const files = row.files.map((file) => file.value);
    return await presentOf(core, row.value, files);
  } catch (error) {
    // In a library this one has just gone, and there is nothing to say of it.
    if (error instanceof Fault && listener.scope.kind === "library") return [];
    throw error;
  }
};

/** The id of the place from which nothing is told twice and nothing is left out; null when events are lost already. */
const placeOf = ({ feed }: FollowCore, listener: Listener): string | null => {
  if (listener.isLost) return null;
  const first = listener.first?.sequence ?? null;
  return feed.log.idOf(first === null ? feed.log.place : first - 1);
};

/**
 * Tells how everything is within the listener's scope, session by session, and under the last event the place from which to go
 * on. Whoever loses the connection before that begins anew.
 */
export const presentState = async function* (
  core: FollowCore,
  listener: Listener,
  isGap: boolean,
): AsyncGenerator<readonly ToldEvent[], void> {
  await core.feed.awake();
  // What was lost may be the end of the library.
  if (isGap && listener.scope.kind === "library")
    await loadLibrary(core.catalog, listener.scope.libraryId);
  let held: ToldEvent | null = isGap ? { id: null, event: gapEvent(core.time.now()) } : null;
  for (const id of await activeSessions(core, listener.scope)) {
    const events = await readSession(core, listener, id);
    const told: ToldEvent[] = held === null ? [] : [held];
    for (const event of events) told.push({ id: null, event });
    held = told.pop() ?? null;
    if (told.length > 0) yield told;
    if (listener.isClosed) return;
  }
  yield [{ id: placeOf(core, listener), event: held?.event ?? null }];
};
