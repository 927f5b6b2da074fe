import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { loadLocalLibrary } from "../library/access.ts";
import { deleteLoaded } from "../library/delete.ts";

export const deleteLocalLibrary =
  (
    core: Pick<Core, "catalog" | "blobs" | "live" | "time" | "journal">,
  ): Handler<"localLibrary.delete"> =>
  ({ library_id }) =>
    deleteLoaded(core, () => loadLocalLibrary(core.catalog, library_id));
