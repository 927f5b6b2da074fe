import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";

export const listLibraries =
  ({ catalog }: Pick<Core, "catalog">): Handler<"library.list"> =>
  async () => [...(await catalog.listLibraryIds())];
