import { itemNameTaken, planItemCreate } from "../../domain/plan-item.ts";
import type { Handler } from "../call.ts";
import { clientTokenKey, firstResult, rememberResult } from "../client-token.ts";
import type { Core } from "../core.ts";
import { loadLibrary } from "../library/access.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import { itemWish } from "./wish.ts";

export const createItem =
  ({ catalog, clock, ids }: Pick<Core, "catalog" | "clock" | "ids">): Handler<"item.create"> =>
  ({ client_token, create_spec }, call) =>
    commitDecision(catalog, async () => {
      const key = clientTokenKey("item.create", client_token, call);
      const first = await firstResult(catalog, key);
      if (first !== null) return { changes: [], result: first };
      const library = (await loadLibrary(catalog, create_spec.library_id)).value;
      const now = clock.now();
      const item = orFault(
        planItemCreate({ id: ids.itemId(), library, wish: itemWish(create_spec), now }),
      );
      return {
        // The token goes first: of two calls with the same one the second clashes over it, and not over the name.
        changes: [...rememberResult(key, item.id, now), { kind: "item.put", item, rev: null }],
        result: item.id,
        refusals: { "item-name": itemNameTaken(item.name, library) },
      };
    });
