import { type Handler, LongList } from "../call.ts";
import type { Core } from "../core.ts";

export const listLibraries =
  ({ catalog }: Pick<Core, "catalog">): Handler<"library.list"> =>
  async () =>
    new LongList(catalog.listLibraryIds());
