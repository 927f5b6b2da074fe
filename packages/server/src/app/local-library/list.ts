import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";

export const listLocalLibraries =
  ({ catalog }: Pick<Core, "catalog">): Handler<"localLibrary.list"> =>
  async () => [...(await catalog.listLibraryIds("LOCAL"))];
