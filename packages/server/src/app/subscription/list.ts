import type { SubscriptionSummary } from "@contentlib/contract";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { loadPublishedLibrary, shownName } from "./access.ts";

/** A subscribed library that goes while this looks takes its subscription along, and so that is left out. */
export const listSubscriptions =
  (core: Pick<Core, "catalog" | "access">): Handler<"subscription.list"> =>
  async ({ library: libraryText }, call) => {
    const { catalog } = core;
    const { value: library } = await loadPublishedLibrary(catalog, libraryText);
    const summaries: SubscriptionSummary[] = [];
    for (const { value } of await catalog.listSubscriptions(library.id)) {
      const subscriber = await catalog.findLibrary(value.subscribedLibraryId);
      if (subscriber === null) continue;
      summaries.push({
        subscription: value.id,
        subscribed_library: value.subscribedLibraryId,
        subscribed_library_name: await shownName(core, subscriber.value, call),
      });
    }
    return summaries;
  };
