import type { Library } from "../../domain/library.ts";
import type { Row } from "../../ports/index.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { endSessionsOf } from "../item/end-sessions.ts";
import { commitDecision } from "../unit-of-work.ts";
import { loadLibrary } from "./access.ts";

type DeleteCore = Pick<Core, "catalog" | "blobs" | "live" | "time" | "journal">;

/** The record goes at once with all items; their sessions end as CANCELED and their bytes are collected later (contract L15). */
export const deleteLoaded = async (
  core: DeleteCore,
  load: () => Promise<Row<Library>>,
): Promise<void> => {
  const ended = await commitDecision(core.catalog, async () => {
    const row = await load();
    const ending = await endSessionsOf(core, { libraryId: row.value.id });
    return {
      changes: [...ending.changes, { kind: "library.delete", id: row.value.id, rev: row.rev }],
      result: ending,
    };
  });
  await ended.settle();
};

/** Deletes a library of either kind, as the service of its own kind does. */
export const deleteLibrary =
  (core: DeleteCore): Handler<"library.delete"> =>
  ({ library_id }) =>
    deleteLoaded(core, () => loadLibrary(core.catalog, library_id));
