import { type Handler, LongList } from "../call.ts";
import type { Core } from "../core.ts";

export const listLocalLibraries =
  ({ catalog }: Pick<Core, "catalog">): Handler<"localLibrary.list"> =>
  async () =>
    new LongList(catalog.listLibraryIds("LOCAL"));
