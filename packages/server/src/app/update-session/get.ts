import type { Handler } from "../call.ts";
import type { SessionCore } from "./access.ts";
import { loadSessionHead, presentSession } from "./access.ts";

export const getUpdateSession =
  (core: SessionCore): Handler<"updateSession.get"> =>
  async ({ update_session_id }) =>
    presentSession((await loadSessionHead(core, update_session_id)).value);
