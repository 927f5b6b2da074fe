import { withActivity } from "../expiry.ts";
import type {
  ActiveUpdateSession,
  CompletingUpdateSession,
  PendingCompletion,
} from "../update-session.ts";

/** The session once its client has completed it while files are still being pulled: the server goes on alone. (S110) */
export const beginCompletion = (
  session: ActiveUpdateSession,
  completing: PendingCompletion,
  timeoutMs: number,
): CompletingUpdateSession => withActivity({ ...session, completing }, completing.at, timeoutMs);
