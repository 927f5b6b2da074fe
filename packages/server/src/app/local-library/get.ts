import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { loadLocalLibrary, presentLibrary } from "../library/access.ts";

export const getLocalLibrary =
  (core: Pick<Core, "catalog" | "server">): Handler<"localLibrary.get"> =>
  async ({ library_id }, call) =>
    presentLibrary(core, call, (await loadLocalLibrary(core.catalog, library_id)).value);
