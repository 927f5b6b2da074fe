import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { loadCompliance, loadItem, presentItem } from "./access.ts";

export const getItem =
  ({ catalog }: Pick<Core, "catalog">): Handler<"item.get"> =>
  async ({ library_item_id }) => {
    const item = (await loadItem(catalog, library_item_id)).value;
    return presentItem(item, await loadCompliance(catalog, item));
  };
