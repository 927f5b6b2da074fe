import { planLibraryCreate } from "../../domain/plan-library.ts";
import type { Handler } from "../call.ts";
import { clientTokenKey, firstResult, rememberResult } from "../client-token.ts";
import type { Core } from "../core.ts";
import { libraryWish } from "../library/wish.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";

export const createLocalLibrary =
  ({
    catalog,
    clock,
    ids,
  }: Pick<Core, "catalog" | "clock" | "ids">): Handler<"localLibrary.create"> =>
  ({ client_token, create_spec }, call) =>
    commitDecision(catalog, async () => {
      const key = clientTokenKey("localLibrary.create", client_token, call);
      const first = await firstResult(catalog, key);
      if (first !== null) return { changes: [], result: first };
      const now = clock.now();
      const library = orFault(
        planLibraryCreate({ id: ids.libraryId(), wish: libraryWish(create_spec), now }),
      );
      return {
        changes: [
          { kind: "library.put", library, rev: null },
          ...rememberResult(key, library.id, now),
        ],
        result: library.id,
      };
    });
