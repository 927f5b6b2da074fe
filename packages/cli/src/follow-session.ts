import { setTimeout as sleep } from "node:timers/promises";
import type { Client, ServerEvent, UpdateSessionFileInfo } from "@contentlib/client";
import type { PinnedFetch } from "@contentlib/client/node";
import type { CommandContext } from "./command-context.ts";
import { readEvents } from "./event-stream.ts";
import { openPinnedFetch } from "./pinned-fetch.ts";
import { getSession } from "./session.ts";

/** How often a server that has no stream of events is asked, in milliseconds. */
const POLL_PERIOD_MS = 1_000;
/** How long to wait before a broken stream is taken up again, in milliseconds. */
const RECONNECT_AFTER_MS = 2_000;

/** Where a stream is taken up. */
interface Place {
  lastId: string;
}

/**
 * What happens in an update session until it ends, the end included: told live by a server that has a stream of events, and
 * found out by asking again and again elsewhere. Throws what the server says where there is no such session.
 */
export async function* followSession(
  { connection, signal }: Pick<CommandContext, "connection" | "signal">,
  client: Client,
  sessionId: string,
): AsyncGenerator<ServerEvent, void, undefined> {
  const { options, pinned } = await connection();
  const pinnedFetch: PinnedFetch | undefined =
    pinned === undefined ? undefined : await openPinnedFetch(pinned);
  const request = pinnedFetch?.fetch ?? fetch;
  const url = `${options.url.replace(/\/+$/, "")}/api/contentlib/events?update_session_id=${encodeURIComponent(sessionId)}`;
  const place: Place = { lastId: "" };
  const ask = async (): Promise<Response | null> =>
    await openStream({ request, url, client, place, signal });
  try {
    for (let stream = await ask(); stream !== null; stream = await ask()) {
      for await (const event of eventsOf(stream, place, signal)) {
        yield event;
        if (isEnd(event)) return;
      }
      await sleep(RECONNECT_AFTER_MS, undefined, { signal });
    }
  } finally {
    await pinnedFetch?.close();
  }
  yield* askedEvents(client, sessionId, signal);
}

/** Whether the session has ended with this event. */
export const isEnd = ({ kind, state }: ServerEvent): boolean =>
  kind === "SESSION_GONE" ||
  (kind === "SESSION_STATE" && state !== undefined && state !== "ACTIVE");

interface Ask {
  readonly request: typeof fetch;
  readonly url: string;
  readonly client: Client;
  readonly place: Place;
  readonly signal: AbortSignal;
}

/** The stream; null where the server has none to give, which its other answers explain better. */
async function openStream(ask: Ask, isAgain = false): Promise<Response | null> {
  const { request, url, client, place, signal } = ask;
  const headers = {
    accept: "text/event-stream",
    "vmware-api-session-id": await client.loginId(),
    ...(place.lastId === "" ? {} : { "last-event-id": place.lastId }),
  };
  let response: Response;
  try {
    response = await request(url, { headers, redirect: "error", signal });
  } catch {
    return null;
  }
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
  if (response.status === 200 && isStream) return response;
  await response.body?.cancel();
  if (response.status !== 401 || isAgain) return null;
  // Listening is no use of a login, so it may have lapsed; any call makes a new one where that is possible.
  await client.login.get({ signal });
  return await openStream(ask, true);
}

/** The events of one connection. One that breaks ends them: the next takes up where it broke. */
async function* eventsOf(
  { body }: Response,
  place: Place,
  signal: AbortSignal,
): AsyncGenerator<ServerEvent, void, undefined> {
  if (body === null) return;
  try {
    for await (const { id, data } of readEvents(body)) {
      place.lastId = id;
      const event = data === "" ? null : parseEvent(data);
      if (event !== null) yield event;
    }
  } catch (error) {
    if (signal.aborted) throw error;
  }
}

function parseEvent(data: string): ServerEvent | null {
  const value: unknown = JSON.parse(data);
  const isEvent = typeof value === "object" && value !== null && "kind" in value;
  return isEvent ? (value as ServerEvent) : null;
}

/** The same in events of the same form, found out by comparing. */
async function* askedEvents(
  client: Client,
  sessionId: string,
  signal: AbortSignal,
): AsyncGenerator<ServerEvent, void, undefined> {
  let toldState: string | undefined;
  const told = new Map<string, UpdateSessionFileInfo>();
  for (;;) {
    const { session } = await getSession(client, sessionId, signal);
    const about = {
      time: new Date().toISOString(),
      update_session_id: session.id,
      library_item_id: session.library_item_id,
    };
    const files =
      session.state === "ACTIVE"
        ? await client.updateSessionFile.list({ update_session_id: sessionId }, { signal })
        : [];
    for (const file of files) {
      const kind = changeOf(file, told.get(file.name));
      if (kind !== null) yield { ...about, kind, ...fileMembers(file) };
      told.set(file.name, file);
    }
    if (session.state !== toldState) {
      const { state, error_message } = session;
      toldState = state;
      const error = error_message === undefined ? {} : { error_message };
      yield {
        ...about,
        kind: "SESSION_STATE",
        state,
        ...error,
      };
    }
    if (session.state !== "ACTIVE") return;
    await sleep(POLL_PERIOD_MS, undefined, { signal });
  }
}

/** What to tell of a file: a new status, more bytes, or nothing. Files that stay as they are in the item are not told. */
function changeOf(
  file: UpdateSessionFileInfo,
  before: UpdateSessionFileInfo | undefined,
): "FILE_STATUS" | "PROGRESS" | null {
  if (file.source_type === "NONE") return null;
  if (file.status !== before?.status) return "FILE_STATUS";
  return file.bytes_transferred === before.bytes_transferred ? null : "PROGRESS";
}

const fileMembers = (file: UpdateSessionFileInfo) => ({
  file_name: file.name,
  file_status: file.status,
  bytes_transferred: file.bytes_transferred,
  ...(file.size === undefined ? {} : { size: file.size }),
  ...(file.error_message === undefined ? {} : { error_message: file.error_message }),
});
