import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { itemFileOf } from "../item-file/access.ts";
import { loadStoredItem } from "./access.ts";

/** A list of one, as the API has it (contract I20). */
export const getItemStorage =
  ({ catalog }: Pick<Core, "catalog">): Handler<"itemStorage.get"> =>
  async ({ library_item_id, file_name }) => {
    const { item, presentStored } = await loadStoredItem(catalog, library_item_id);
    return [presentStored(itemFileOf(item, file_name))];
  };
