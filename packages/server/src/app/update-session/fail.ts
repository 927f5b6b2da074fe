import type { Instant } from "../../domain/ids.ts";
import { fail } from "../../domain/update-session/end.ts";
import type { UpdateSession } from "../../domain/update-session.ts";
import type { Call, Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { keepsPartials } from "../kept-partials/plan-keeping.ts";
import type { SessionCore } from "./access.ts";
import { endSession } from "./end.ts";
import { interruptSession } from "./interrupt.ts";

/** Whether the client was interrupted, and comes back for what it has sent. The header is ours. */
const asksToKeep = (call: Call): boolean =>
  call.header("contentlib-keep-partials")?.trim().toLowerCase() === "true";

export const failUpdateSession =
  (core: SessionCore & Pick<Core, "exclusive">): Handler<"updateSession.fail"> =>
  ({ update_session_id, client_error_message }, call) => {
    const decide = (session: UpdateSession, now: Instant) =>
      fail(session, client_error_message, now);
    return asksToKeep(call) && keepsPartials(core)
      ? interruptSession(core, update_session_id, decide)
      : endSession(core, update_session_id, "failed by the client", decide);
  };
