import { checkItemDelete } from "../../domain/plan-item.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import { loadItem, loadLibraryOf } from "./access.ts";
import { endSessionsOf } from "./end-sessions.ts";

/** The item goes at once; its sessions end as CANCELED and its bytes are collected later (contract I15, U36, D18). */
export const deleteItem =
  (core: Pick<Core, "catalog" | "blobs" | "live" | "time" | "journal">): Handler<"item.delete"> =>
  async ({ library_item_id }) => {
    const ended = await commitDecision(core.catalog, async () => {
      const row = await loadItem(core.catalog, library_item_id);
      orFault(checkItemDelete((await loadLibraryOf(core.catalog, row.value)).value));
      const ending = await endSessionsOf(core, { itemId: row.value.id });
      return {
        changes: [...ending.changes, { kind: "item.delete", id: row.value.id, rev: row.rev }],
        result: ending,
      };
    });
    await ended.settle();
  };
