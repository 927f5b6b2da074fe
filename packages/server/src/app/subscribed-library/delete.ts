import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { loadSubscribedLibrary } from "../library/access.ts";
import { deleteLoaded } from "../library/delete.ts";

export const deleteSubscribedLibrary =
  (
    core: Pick<Core, "catalog" | "blobs" | "live" | "time" | "journal">,
  ): Handler<"subscribedLibrary.delete"> =>
  ({ library_id }) =>
    deleteLoaded(core, () => loadSubscribedLibrary(core.catalog, library_id));
