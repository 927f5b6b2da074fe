import { hasLapsed } from "../../domain/expiry.ts";
import type { ItemId } from "../../domain/ids.ts";
import type { UpdateSession } from "../../domain/update-session.ts";
import type { SessionCore } from "./access.ts";
import { current } from "./access.ts";
import { expireSession } from "./expire.ts";

/** The ACTIVE session of an item, with the expiry that holds now. One whose time is up only waits to be ended, and is ended now. */
export const findHolder = async (
  core: SessionCore,
  itemId: ItemId,
): Promise<UpdateSession | null> => {
  for (;;) {
    const row = await core.catalog.findActiveSession(itemId);
    if (row === null) return null;
    const holder = current(core, row.value);
    if (!hasLapsed(holder, core.time.now())) return holder;
    await expireSession(core, { value: holder, rev: row.rev });
  }
};
