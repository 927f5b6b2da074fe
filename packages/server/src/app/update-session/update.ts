import { withActivity } from "../../domain/expiry.ts";
import { updateUpdateSession as planUpdate } from "../../domain/update-session/update.ts";
import type { Handler } from "../call.ts";
import { given } from "../given.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { SessionCore } from "./access.ts";
import { loadSessionHead } from "./access.ts";

export const updateUpdateSession =
  (core: SessionCore): Handler<"updateSession.update"> =>
  ({ update_session_id, update_spec }) =>
    commitDecision(core.catalog, async () => {
      const row = await loadSessionHead(core, update_session_id);
      const updated = orFault(
        planUpdate(
          row.value,
          given({
            warningBehavior: update_spec.warning_behavior,
            libraryItemId: update_spec.library_item_id,
            state: update_spec.state,
            previewInfo: update_spec.preview_info,
          }),
        ),
      );
      const session = withActivity(updated, core.time.now(), core.time.timeoutMs);
      return { changes: [{ kind: "session.put", session, rev: row.rev }], result: undefined };
    });
