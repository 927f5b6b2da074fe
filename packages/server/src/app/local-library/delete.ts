import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { loadLocalLibrary } from "../library/access.ts";
import { endSessionsOf } from "../item/end-sessions.ts";
import { commitDecision } from "../unit-of-work.ts";

/** The record goes at once with all items; their sessions end as CANCELED and their bytes are collected later (contract L15). */
export const deleteLocalLibrary =
  (
    core: Pick<Core, "catalog" | "blobs" | "live" | "time" | "journal">,
  ): Handler<"localLibrary.delete"> =>
  async ({ library_id }) => {
    const ended = await commitDecision(core.catalog, async () => {
      const row = await loadLocalLibrary(core.catalog, library_id);
      const ending = await endSessionsOf(core, { libraryId: row.value.id });
      return {
        changes: [...ending.changes, { kind: "library.delete", id: row.value.id, rev: row.rev }],
        result: ending,
      };
    });
    await ended.settle();
  };
