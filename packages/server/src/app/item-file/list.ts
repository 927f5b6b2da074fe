import { shownFiles } from "../../domain/item.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { loadItem } from "../item/access.ts";
import { presentItemFile } from "./access.ts";

export const listItemFiles =
  ({ catalog }: Pick<Core, "catalog">): Handler<"itemFile.list"> =>
  async ({ library_item_id }) =>
    shownFiles((await loadItem(catalog, library_item_id)).value.files).map(presentItemFile);
