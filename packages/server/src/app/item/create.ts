import { planItemCreate } from "../../domain/plan-item.ts";
import type { Handler } from "../call.ts";
import { clientTokenKey, firstResult, rememberResult } from "../client-token.ts";
import type { Core } from "../core.ts";
import { loadLibrary } from "../library/access.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { ClearedName, NameCore } from "./clear-name.ts";
import { clearName } from "./clear-name.ts";
import { itemWish } from "./wish.ts";

/** The item that a create answers, and what it took away to make it. */
interface Created {
  readonly id: string;
  readonly cleared: ClearedName | null;
}

export const createItem =
  (core: NameCore & Pick<Core, "clock" | "ids">): Handler<"item.create"> =>
  async ({ client_token, create_spec }, call) => {
    const { catalog, clock, ids } = core;
    const { id, cleared } = await commitDecision<Created>(catalog, async () => {
      const key = clientTokenKey("item.create", client_token, call);
      const first = await firstResult(catalog, key);
      if (first !== null) return { changes: [], result: { id: first, cleared: null } };
      const library = (await loadLibrary(catalog, create_spec.library_id)).value;
      const now = clock.now();
      const item = orFault(
        planItemCreate({ id: ids.itemId(), library, wish: itemWish(create_spec), now }),
      );
      const making = await clearName(core, { name: item.name, library }, call.caller);
      return {
        // The token goes first: of two calls with the same one the second clashes over it, and not over the name.
        changes: [
          ...rememberResult(key, item.id, now),
          ...making.changes,
          { kind: "item.put", item, rev: null },
        ],
        result: { id: item.id, cleared: making },
        refusals: { "item-name": making.refusal },
      };
    });
    await cleared?.settle();
    return id;
  };
