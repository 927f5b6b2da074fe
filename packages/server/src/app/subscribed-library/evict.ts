import { checkOnDemand } from "../../domain/plan-subscription.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { loadSubscribedLibrary } from "../library/access.ts";
import { orFault } from "../or-fault.ts";

/** No library has fetched anything, so there is nothing to give up where giving up is allowed (contract L22). */
export const evictSubscribedLibrary =
  ({ catalog }: Pick<Core, "catalog">): Handler<"subscribedLibrary.evict"> =>
  async ({ library_id }) => {
    const { value: library } = await loadSubscribedLibrary(catalog, library_id);
    orFault(checkOnDemand(library));
  };
