import type { OperationInput } from "@contentlib/contract";
import type { Library } from "../../domain/library.ts";
import {
  chooseSubscriber,
  planSubscription,
  planSubscriptionWithLibrary,
} from "../../domain/plan-subscription.ts";
import type {
  NewSubscriberWish,
  PlannedSubscription,
  SubscriberChoice,
  SubscriptionWish,
} from "../../domain/plan-subscription.ts";
import type { Placement } from "../../domain/subscription.ts";
import type { Rev } from "../../ports/index.ts";
import type { Call, Handler } from "../call.ts";
import { clientTokenKey, firstResult, rememberResult } from "../client-token.ts";
import type { Core } from "../core.ts";
import { given } from "../given.ts";
import { loadLibrary, publishUrlOf } from "../library/access.ts";
import { backingWishes } from "../library/wish.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import { loadPublishedLibrary, placementWish } from "./access.ts";

type Spec = OperationInput<"subscription.create">["spec"]["subscribed_library"];
type CreateCore = Pick<Core, "catalog" | "clock" | "ids" | "settings">;

const newLibraryWish = (spec: NonNullable<Spec["new_subscribed_library"]>): NewSubscriberWish =>
  given({
    name: spec.name,
    description: spec.description,
    storageBackings: backingWishes(spec.storage_backings),
    automaticSyncEnabled: spec.automatic_sync_enabled,
    onDemand: spec.on_demand,
  });

const wishOf = (spec: Spec): SubscriptionWish =>
  given({
    target: spec.target,
    newLibrary:
      spec.new_subscribed_library === undefined
        ? undefined
        : newLibraryWish(spec.new_subscribed_library),
    subscribedLibrary: spec.subscribed_library,
    location: spec.location,
    server:
      spec.vcenter === undefined
        ? undefined
        : given({ hostname: spec.vcenter.hostname, httpsPort: spec.vcenter.https_port }),
    placement: spec.placement === undefined ? undefined : placementWish(spec.placement),
  });

/** The subscription, and the version at which the subscribed library was read; null for a new one. */
interface Planned extends PlannedSubscription {
  readonly rev: Rev | null;
}

const plan = async (
  { catalog, clock, ids, settings }: CreateCore,
  call: Call,
  told: {
    readonly library: Library;
    readonly choice: SubscriberChoice;
    readonly placement: Placement;
  },
): Promise<Planned> => {
  const { library, choice, placement } = told;
  const common = { id: ids.subscriptionId(), library, placement, now: clock.now() };
  if (choice.target === "CREATE_NEW") {
    const publishUrl = publishUrlOf(call, library);
    const { wish } = choice;
    const planned = planSubscriptionWithLibrary({
      ...common,
      subscriberId: ids.libraryId(),
      wish,
      publishUrl,
      datastores: settings.datastores,
    });
    return { ...orFault(planned), rev: null };
  }
  const row = await loadLibrary(catalog, choice.id);
  const present = (await catalog.listSubscriptions(library.id)).map(({ value }) => value);
  const planned = planSubscription({ ...common, subscriber: row.value, present });
  return { ...orFault(planned), rev: row.rev };
};

/** The subscription and its subscribed library are written in one commit, and only while the publisher is as it was read (contract L23). */
export const createSubscription =
  (core: CreateCore): Handler<"subscription.create"> =>
  ({ client_token, library: libraryText, spec }, call) =>
    commitDecision(core.catalog, async () => {
      const key = clientTokenKey("subscription.create", client_token, call);
      const first = await firstResult(core.catalog, key);
      if (first !== null) return { changes: [], result: first };
      const publisher = await loadPublishedLibrary(core.catalog, libraryText);
      const wish = wishOf(spec.subscribed_library);
      const choice = orFault(chooseSubscriber(wish));
      const { placement = {} } = wish;
      const planned = await plan(core, call, { library: publisher.value, choice, placement });
      const { subscription, subscribedLibrary, rev } = planned;
      return {
        changes: [
          { kind: "library.expect", id: publisher.value.id, rev: publisher.rev },
          { kind: "library.put", library: subscribedLibrary, rev },
          { kind: "subscription.put", subscription, rev: null },
          ...rememberResult(key, subscription.id, core.clock.now()),
        ],
        result: subscription.id,
      };
    });
