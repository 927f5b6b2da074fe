import { shownFiles } from "../../domain/item.ts";
import type { Item } from "../../domain/item.ts";
import type { SessionPackage } from "../../domain/package.ts";
import { createUpdateSession as planSession } from "../../domain/update-session/create.ts";
import { itemBusy } from "../../domain/update-session/guard.ts";
import type { Handler } from "../call.ts";
import { ownerOf } from "../access/owner.ts";
import { clientTokenKey, firstResult, rememberResult } from "../client-token.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { given } from "../given.ts";
import { loadItem } from "../item/access.ts";
import { loadLibrary } from "../library/access.ts";
import { orFault } from "../or-fault.ts";
import type { SessionTypeCore } from "../packages/session-type.ts";
import { sessionTypeOf } from "../packages/session-type.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { SessionCore } from "./access.ts";
import { findHolder } from "./find-holder.ts";

/** What a session of the item knows of its files as a package before any of them changes. (S18) */
const packageBefore = async (
  core: SessionTypeCore,
  item: Item,
): Promise<SessionPackage | undefined> => {
  const itemType = await sessionTypeOf(core, item);
  if (!itemType.looksIntoFiles) return undefined;
  const preview = itemType.previewBefore(shownFiles(item.files).map(({ name }) => name));
  return { type: itemType.type, preview, algorithms: [] };
};

export const createUpdateSession =
  (core: SessionCore & Pick<Core, "ids" | "itemTypes">): Handler<"updateSession.create"> =>
  ({ client_token, create_spec }, call) =>
    commitDecision(core.catalog, async () => {
      const key = clientTokenKey("updateSession.create", client_token, call);
      const first = await firstResult(core.catalog, key);
      if (first !== null) return { changes: [], result: first };
      const item = (await loadItem(core.catalog, create_spec.library_item_id)).value;
      const library = (await loadLibrary(core.catalog, item.libraryId)).value;
      const holder = await findHolder(core, item.id);
      if (holder !== null) throw new Fault(itemBusy(holder));
      const now = core.time.now();
      const created = orFault(
        planSession({
          id: core.ids.updateSessionId(),
          owner: ownerOf(call.caller),
          item,
          library,
          ...given({
            warningBehavior: create_spec.warning_behavior,
            package: await packageBefore(core, item),
          }),
          now,
          timeoutMs: core.time.timeoutMs,
        }),
      );
      const { session, files } = created;
      return {
        changes: [
          { kind: "session.create", session, files },
          ...rememberResult(key, session.id, now),
        ],
        result: session.id,
      };
    });
