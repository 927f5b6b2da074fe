import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { loadItem } from "../item/access.ts";
import { itemFileOf, presentItemFile } from "./access.ts";

export const getItemFile =
  ({ catalog }: Pick<Core, "catalog">): Handler<"itemFile.get"> =>
  async ({ library_item_id, name }) =>
    presentItemFile(itemFileOf((await loadItem(catalog, library_item_id)).value, name));
