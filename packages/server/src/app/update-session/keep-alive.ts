import { keepAlive } from "../../domain/update-session/keep-alive.ts";
import type { Handler } from "../call.ts";
import { given } from "../given.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { SessionCore } from "./access.ts";
import { loadSessionHead } from "./access.ts";

/** Extends the life; the progress it takes is for people to see, and 100 completes nothing. (S26) */
export const keepUpdateSessionAlive =
  (core: SessionCore): Handler<"updateSession.keepAlive"> =>
  ({ update_session_id, client_progress }) =>
    commitDecision(core.catalog, async () => {
      const row = await loadSessionHead(core, update_session_id);
      const { timeoutMs } = core.time;
      const session = orFault(
        keepAlive(row.value, {
          ...given({ clientProgress: client_progress }),
          now: core.time.now(),
          timeoutMs,
        }),
      );
      return { changes: [{ kind: "session.put", session, rev: row.rev }], result: undefined };
    });
