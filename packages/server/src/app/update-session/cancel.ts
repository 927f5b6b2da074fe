import { cancel } from "../../domain/update-session/end.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import type { SessionCore } from "./access.ts";
import { endSession } from "./end.ts";

export const cancelUpdateSession =
  (core: SessionCore & Pick<Core, "exclusive">): Handler<"updateSession.cancel"> =>
  ({ update_session_id }) =>
    endSession(core, update_session_id, "canceled by the client", cancel);
