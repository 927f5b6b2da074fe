import { LibraryError, ProtocolError, isOutcomeUnknown } from "./errors.ts";
import { RETRY_PAUSE_FIRST_MS } from "./retry.ts";
import type { Services } from "./services/services.ts";
import type { System } from "./system.ts";

/** How often complete is sent when its answers are lost and the session is still ACTIVE. */
const COMPLETES_MAX = 4;

/** What completing uses of its client. */
export interface CompleteContext {
  readonly services: Pick<Services, "updateSessions">;
  readonly system: System;
  /** Headers of complete, such as the message of the change. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Completes an update session for certain. When the answer is lost, get tells: DONE is success, ACTIVE is tried
 * again, anything else is the error. A repeat can not make a second version, because complete is refused after DONE.
 */
export async function completeUpdateSession(
  context: CompleteContext,
  sessionId: string,
  signal?: AbortSignal,
): Promise<void> {
  const { updateSessions } = context.services;
  const input = { update_session_id: sessionId };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await updateSessions.complete(input, { signal, headers: context.headers ?? {} });
    } catch (error) {
      const isRefusedRepeat = error instanceof LibraryError && attempt > 1;
      if (!isOutcomeUnknown(error) && !isRefusedRepeat) throw error;
      const session = await updateSessions.get(input, { signal });
      if (session.state === "DONE") return;
      if (session.state !== "ACTIVE")
        throw endedOtherwise(session.state, session.error_message?.default_message);
      if (isRefusedRepeat || attempt === COMPLETES_MAX) throw error;
      await context.system.sleep(RETRY_PAUSE_FIRST_MS * 2 ** attempt, signal);
    }
  }
}

const endedOtherwise = (state: string, reason: string | undefined): ProtocolError =>
  new ProtocolError(
    `The update session ended as ${state}${reason === undefined ? "." : `: ${reason}`}`,
    {
      operation: "updateSession.complete",
    },
  );
