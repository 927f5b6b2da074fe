import { isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { raiseClientProgress } from "../client-progress.ts";
import { withActivity } from "../expiry.ts";
import type { Instant } from "../ids.ts";
import type { ActiveUpdateSession, UpdateSession } from "../update-session.ts";
import { requireActive } from "./guard.ts";

/** The session with a full timeout ahead of it and the progress its client reports, if that is higher. (S22 to S25) */
export const keepAlive = (
  session: UpdateSession,
  input: {
    readonly clientProgress?: number | string;
    readonly now: Instant;
    readonly timeoutMs: number;
  },
): ActiveUpdateSession | FaultValue => {
  const active = requireActive(session, "keep_alive");
  if (isFault(active)) return active;
  const clientProgress = raiseClientProgress(active.clientProgress, input.clientProgress);
  if (isFault(clientProgress)) return clientProgress;
  return withActivity({ ...active, clientProgress }, input.now, input.timeoutMs);
};
