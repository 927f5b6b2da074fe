import { checkDelete } from "../../domain/update-session/guard.ts";
import type { Handler } from "../call.ts";
import { Fault } from "../fault.ts";
import { releaseStaged } from "../release-staged.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { SessionCore } from "./access.ts";
import { loadSessionHead } from "./access.ts";

/** Removes a session that has ended, and with it the bytes that outlived it. (S50, S85) */
export const deleteUpdateSession =
  (core: SessionCore): Handler<"updateSession.delete"> =>
  async ({ update_session_id }) => {
    const release = await commitDecision(core.catalog, async () => {
      const row = await loadSessionHead(core, update_session_id);
      const refused = checkDelete(row.value);
      if (refused !== null) throw new Fault(refused);
      const kept = await core.catalog.listKeptPartials(row.value.id);
      const stagedIds = kept.map(({ stagedId }) => stagedId);
      return {
        changes: [
          { kind: "session.delete", id: row.value.id, rev: row.rev },
          ...stagedIds.map((stagedId) => ({ kind: "kept-partial.take", stagedId }) as const),
        ],
        result: stagedIds,
      };
    });
    await releaseStaged(core, release);
  };
