import { keepAlive } from "./keep-alive.ts";
import type { UploadContext, UploadEvent } from "./upload-options.ts";

/** A session's life without activity where it can not be told from its expiration, in milliseconds. */
const LIFETIME_MIN_MS = 3_000;

/** A session that is kept alive, with the progress that the server is told of. */
export interface WatchedSession {
  /** Aborts when the server says that the session has ended. */
  readonly lost: AbortSignal;
  note(event: UploadEvent): void;
  close(): void;
}

/** Asks how long a session lives, and keeps it alive from then on until it is closed. Throws what `get` throws. */
export async function watchSession(
  { services, serverClock, system }: UploadContext,
  sessionId: string,
  signal: AbortSignal,
): Promise<WatchedSession> {
  const { updateSession } = services;
  const byId = { update_session_id: sessionId };
  const session = await updateSession.get(byId, { signal });
  const lifetimeMs = Date.parse(session.expiration_time) - serverClock.now();
  let percent = 0;
  const keeper = keepAlive({
    system,
    lifetimeMs: Math.max(LIFETIME_MIN_MS, lifetimeMs),
    send: async (closed) => {
      await updateSession.keepAlive({ ...byId, client_progress: percent }, { signal: closed });
    },
  });
  return {
    lost: keeper.lost,
    close: keeper.close,
    note: (event) => {
      if (event.type !== "progress" || !event.totalBytes) return;
      const share = Math.min(event.totalSentBytes, event.totalBytes) / event.totalBytes;
      percent = Math.max(percent, Math.floor(100 * share));
    },
  };
}
