import { faultOf } from "@contentlib/contract/vocabulary";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { loadSubscribedLibrary } from "../library/access.ts";

export const syncSubscribedLibrary =
  ({ catalog }: Pick<Core, "catalog">): Handler<"subscribedLibrary.sync"> =>
  async ({ library_id }) => {
    await loadSubscribedLibrary(catalog, library_id);
    throw new Fault(
      faultOf(
        "library.unsupported",
        "following a publisher: the subscription is kept, and nothing is fetched by it",
      ),
    );
  };
