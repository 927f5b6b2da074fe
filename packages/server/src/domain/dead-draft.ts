import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { instantText } from "./instant.ts";
import type { Item } from "./item.ts";
import type { Library } from "./library.ts";
import type { UpdateSession } from "./update-session.ts";

/**
 * What has come of all update sessions that an item ever had: none was opened; some were, and none was completed, be it that one
 * is still ACTIVE; or one was completed.
 */
export type SessionPast = "none" | "unfinished" | "completed";

/**
 * Whether an item is what an upload that began and never came to its end has left: it never had content, and some session was
 * opened on it. An item on which none was is nobody's draft: whoever made it may want it empty.
 */
export const isDraft = (item: Item, past: SessionPast): boolean =>
  past === "unfinished" && item.files.length === 0 && item.contentVersion === 1;

/** The name is that of an item whose upload goes on; until when that may stand in the way, and what to do. */
export const draftNameTaken = (item: Item, library: Library, holder: UpdateSession): FaultValue =>
  faultOf(
    "item.name_taken_by_draft",
    item.name,
    library.name,
    library.id,
    holder.id,
    holder.ownerName,
    instantText(holder.expiresAt),
  );
