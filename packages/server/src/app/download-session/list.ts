import { type Handler, LongList } from "../call.ts";
import type { ExpiryCore } from "../duties/expire-sessions.ts";
import { expireSessions } from "../duties/expire-sessions.ts";
import { loadItem } from "../item/access.ts";

export const listDownloadSessions =
  (core: ExpiryCore): Handler<"downloadSession.list"> =>
  async ({ library_item_id }, call) => {
    await expireSessions(core);
    const item =
      library_item_id === undefined
        ? undefined
        : (await loadItem(core.catalog, library_item_id)).value;
    return new LongList(core.catalog.listDownloadIds(call.caller.accountId, item?.id));
  };
