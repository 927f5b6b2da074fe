import { shownFiles } from "../../domain/item.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { loadStoredItem } from "./access.ts";

export const listItemStorage =
  ({ catalog }: Pick<Core, "catalog">): Handler<"itemStorage.list"> =>
  async ({ library_item_id }) => {
    const { item, presentStored } = await loadStoredItem(catalog, library_item_id);
    return shownFiles(item.files).map(presentStored);
  };
