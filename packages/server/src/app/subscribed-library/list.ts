import { type Handler, LongList } from "../call.ts";
import type { Core } from "../core.ts";

export const listSubscribedLibraries =
  ({ catalog }: Pick<Core, "catalog">): Handler<"subscribedLibrary.list"> =>
  async () =>
    new LongList(catalog.listLibraryIds("SUBSCRIBED"));
