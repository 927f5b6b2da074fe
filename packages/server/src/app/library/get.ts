import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { loadLibrary, presentLibrary } from "./access.ts";

export const getLibrary =
  (core: Pick<Core, "catalog" | "server">): Handler<"library.get"> =>
  async ({ library_id }, call) =>
    presentLibrary(core, call, (await loadLibrary(core.catalog, library_id)).value);
