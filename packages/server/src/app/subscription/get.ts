import { faultOf } from "@contentlib/contract/vocabulary";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { loadSubscription, presentPlacement, shownName } from "./access.ts";

export const getSubscription =
  (core: Pick<Core, "catalog" | "access">): Handler<"subscription.get"> =>
  async (input, call) => {
    const { catalog } = core;
    const { value } = await loadSubscription(catalog, input);
    const subscriber = await catalog.findLibrary(value.subscribedLibraryId);
    // It went since, and took the subscription along.
    if (subscriber === null)
      throw new Fault(faultOf("subscription.not_found", value.libraryId, value.id));
    return {
      subscribed_library: value.subscribedLibraryId,
      subscribed_library_name: await shownName(core, subscriber.value, call),
      subscribed_library_location: "LOCAL",
      subscribed_library_placement: presentPlacement(value.placement),
    };
  };
