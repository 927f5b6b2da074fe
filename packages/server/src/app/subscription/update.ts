import { planSubscriptionUpdate } from "../../domain/plan-subscription.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { given } from "../given.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import { loadSubscription, placementWish } from "./access.ts";

export const updateSubscription =
  ({ catalog }: Pick<Core, "catalog">): Handler<"subscription.update"> =>
  ({ library, subscription: idText, spec }) =>
    commitDecision(catalog, async () => {
      const row = await loadSubscription(catalog, { library, subscription: idText });
      const { subscribed_library_vcenter: server, subscribed_library_placement: placement } = spec;
      const patch = given({
        server:
          server === undefined
            ? undefined
            : given({ hostname: server.hostname, httpsPort: server.https_port }),
        placement: placement === undefined ? undefined : placementWish(placement),
      });
      const subscription = orFault(planSubscriptionUpdate(row.value, patch));
      return {
        changes:
          subscription === row.value
            ? []
            : [{ kind: "subscription.put", subscription, rev: row.rev }],
        result: undefined,
      };
    });
