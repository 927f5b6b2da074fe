import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { loadSubscribedLibrary, presentLibrary } from "../library/access.ts";

export const getSubscribedLibrary =
  (core: Pick<Core, "catalog" | "server">): Handler<"subscribedLibrary.get"> =>
  async ({ library_id }, call) =>
    presentLibrary(core, call, (await loadSubscribedLibrary(core.catalog, library_id)).value);
