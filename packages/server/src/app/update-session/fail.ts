import { fail } from "../../domain/update-session/end.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import type { SessionCore } from "./access.ts";
import { endSession } from "./end.ts";

export const failUpdateSession =
  (core: SessionCore & Pick<Core, "exclusive">): Handler<"updateSession.fail"> =>
  ({ update_session_id, client_error_message }) =>
    endSession(core, update_session_id, "failed by the client", (session, now) =>
      fail(session, client_error_message, now),
    );
