import { releaseSubscriber } from "../../domain/plan-subscription.ts";
import type { Change } from "../../ports/index.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { commitDecision } from "../unit-of-work.ts";
import { loadSubscription } from "./access.ts";

/** The subscribed library stays, and in the same commit forgets that it belonged to the subscription. */
export const deleteSubscription =
  ({ catalog, clock }: Pick<Core, "catalog" | "clock">): Handler<"subscription.delete"> =>
  (input) =>
    commitDecision(catalog, async () => {
      const { value: subscription, rev } = await loadSubscription(catalog, input);
      const subscriber = await catalog.findLibrary(subscription.subscribedLibraryId);
      const released =
        subscriber === null ? null : releaseSubscriber(subscriber.value, subscription, clock.now());
      const changes: Change[] = [{ kind: "subscription.delete", id: subscription.id, rev }];
      if (subscriber !== null && released !== null)
        changes.push({ kind: "library.put", library: released, rev: subscriber.rev });
      return { changes, result: undefined };
    });
