import { checkDelete } from "../../domain/update-session/guard.ts";
import type { Handler } from "../call.ts";
import { Fault } from "../fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { SessionCore } from "./access.ts";
import { loadSessionHead } from "./access.ts";

export const deleteUpdateSession =
  (core: SessionCore): Handler<"updateSession.delete"> =>
  ({ update_session_id }) =>
    commitDecision(core.catalog, async () => {
      const row = await loadSessionHead(core, update_session_id);
      const refused = checkDelete(row.value);
      if (refused !== null) throw new Fault(refused);
      return {
        changes: [{ kind: "session.delete", id: row.value.id, rev: row.rev }],
        result: undefined,
      };
    });
