import { api } from "../api.ts";
import { members, type OperationBindings } from "../binding.ts";
import { rest } from "../rest.ts";

const R = `${rest.CONTENT}/library/subscribed-item/id:{library_item_id}`;
const A = `${api.CONTENT}/library/subscribed-item/{library_item_id}`;
const SYNC = members("force_sync_content", "sync_optional_files");

/** How the operations on items of subscribed libraries travel. */
export const SUBSCRIBED_ITEM_BINDINGS = {
  "subscribedItem.evict": {
    rest: rest.act(R, "evict", members()),
    api: api.act(A, "evict", members()),
  },
  "subscribedItem.sync": { rest: rest.act(R, "sync", SYNC), api: api.act(A, "sync", SYNC) },
} as const satisfies Readonly<Record<string, OperationBindings>>;
