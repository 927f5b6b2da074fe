import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { Instant, UpdateSessionId } from "../ids.ts";
import { shownFiles } from "../item.ts";
import type { Item } from "../item.ts";
import { ownerFacts } from "../session-owner.ts";
import type { SessionOwner } from "../session-owner.ts";
import { holdsFiles } from "../item-types.ts";
import type { Library } from "../library.ts";
import type { SessionPackage } from "../package.ts";
import { checkLocal } from "../plan-library.ts";
import { keptFile } from "../session-file/kept.ts";
import type { ActiveUpdateSession, KeptFile } from "../update-session.ts";
import { parseWarningBehavior } from "./warning-behavior.ts";
import type { WarningBehaviorWish } from "./warning-behavior.ts";

/** A fresh session and its file set. */
export interface CreatedUpdateSession {
  readonly session: ActiveUpdateSession;
  readonly files: readonly KeptFile[];
}

/**
 * A new session on an item of a local library (S5 to S14). It records the item's content version and begins with the item's
 * files. That the item has no other ACTIVE session is for the catalog to assure, in the commit itself.
 */
export const createUpdateSession = (input: {
  readonly id: UpdateSessionId;
  readonly owner: SessionOwner;
  readonly item: Item;
  readonly library: Library;
  readonly warningBehavior?: readonly WarningBehaviorWish[];
  /** What is known of the item's files as a package; absent where they stand for themselves. */
  readonly package?: SessionPackage;
  readonly now: Instant;
  readonly timeoutMs: number;
}): CreatedUpdateSession | FaultValue => {
  const { item, now } = input;
  const refused = checkLocal(input.library);
  if (refused !== null) return refused;
  if (!holdsFiles(item.type)) return faultOf("update_session.unsupported_item", item.id, item.type);
  const warningBehavior =
    input.warningBehavior === undefined ? undefined : parseWarningBehavior(input.warningBehavior);
  if (isFault(warningBehavior)) return warningBehavior;
  return {
    session: {
      id: input.id,
      ...ownerFacts(input.owner),
      itemId: item.id,
      itemContentVersion: item.contentVersion,
      createdAt: now,
      clientProgress: 0,
      expiresAt: now + input.timeoutMs,
      ...(warningBehavior === undefined ? {} : { warningBehavior }),
      ...(input.package === undefined ? {} : { package: input.package }),
      state: "ACTIVE",
    },
    files: shownFiles(item.files).map(keptFile),
  };
};
