import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { pushTo } from "../subscription/push.ts";
import { loadItem, loadLibraryOf } from "./access.ts";

export const publishItem =
  (core: Pick<Core, "catalog">): Handler<"item.publish"> =>
  async ({ library_item_id, subscriptions = [] }) => {
    const { value: item } = await loadItem(core.catalog, library_item_id);
    const { value: library } = await loadLibraryOf(core.catalog, item);
    await pushTo(core, library, subscriptions);
  };
