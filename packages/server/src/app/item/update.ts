import { itemNameTaken, planItemUpdate } from "../../domain/plan-item.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { loadLibrary } from "../library/access.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import { loadItem } from "./access.ts";
import { itemPatch } from "./wish.ts";

export const updateItem =
  ({
    catalog,
    clock,
    packages,
  }: Pick<Core, "catalog" | "clock" | "packages">): Handler<"item.update"> =>
  async ({ library_item_id, update_spec }) => {
    const isOfAnotherType = await commitDecision(catalog, async () => {
      const row = await loadItem(catalog, library_item_id);
      const library = (await loadLibrary(catalog, row.value.libraryId)).value;
      const patch = itemPatch(update_spec);
      const item = orFault(planItemUpdate({ item: row.value, library, patch, now: clock.now() }));
      return {
        changes: item === row.value ? [] : [{ kind: "item.put", item, rev: row.rev }],
        result: item.type !== row.value.type,
        refusals: { "item-name": itemNameTaken(item.name, library) },
      };
    });
    if (isOfAnotherType) packages.typeChanges.changed();
  };
