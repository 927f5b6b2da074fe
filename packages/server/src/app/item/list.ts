import { type Handler, LongList } from "../call.ts";
import type { Core } from "../core.ts";
import { loadLibrary } from "../library/access.ts";

export const listItems =
  ({ catalog }: Pick<Core, "catalog">): Handler<"item.list"> =>
  async ({ library_id }) => {
    const { value } = await loadLibrary(catalog, library_id);
    return new LongList(catalog.listItemIds(value.id));
  };
