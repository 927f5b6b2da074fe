import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { loadLibrary } from "../library/access.ts";

export const listItems =
  ({ catalog }: Pick<Core, "catalog">): Handler<"item.list"> =>
  async ({ library_id }) => [
    ...(await catalog.listItemIds((await loadLibrary(catalog, library_id)).value.id)),
  ];
