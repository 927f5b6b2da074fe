import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { Instant, LibraryId, SubscriptionId } from "./ids.ts";
import { invariant } from "./invariant.ts";
import type { Library, SubscriptionInfo } from "./library.ts";
import { checkName } from "./names.ts";
import { checkLocal, checkSubscribed, planSubscribedLibraryCreate } from "./plan-library.ts";
import { PUBLISH_USER_NAME } from "./publish-info.ts";
import type { StorageBackingWish } from "./storage-backing.ts";
import type { Placement, Subscription } from "./subscription.ts";

/** The other server of a subscriber, as a client names it. */
export interface ServerWish {
  readonly hostname?: string;
  readonly httpsPort?: number;
}

/** The subscribed library that a new subscription is to make. */
export interface NewSubscriberWish {
  readonly name: string;
  readonly description?: string;
  readonly storageBackings: readonly StorageBackingWish[];
  readonly automaticSyncEnabled: boolean;
  readonly onDemand: boolean;
}

/** What a new subscription is asked to be. */
export interface SubscriptionWish {
  readonly target: "CREATE_NEW" | "USE_EXISTING";
  readonly newLibrary?: NewSubscriberWish;
  readonly subscribedLibrary?: string;
  readonly location: "LOCAL" | "REMOTE";
  readonly server?: ServerWish;
  readonly placement?: Placement;
}

/** What an update of a subscription says; absent members are left as they are. */
export interface SubscriptionPatch {
  readonly server?: ServerWish;
  /** Replaces the whole placement. */
  readonly placement?: Placement;
}

/** Which subscribed library a wish means, once it is known to be sound. */
export type SubscriberChoice =
  | { readonly target: "CREATE_NEW"; readonly wish: NewSubscriberWish }
  | { readonly target: "USE_EXISTING"; readonly id: string };

const PORT_MAX = 65_535;

const invalid = (member: string, reason: string): FaultValue =>
  faultOf("subscription.invalid_property", member, reason);

const missing = (member: string): FaultValue =>
  faultOf("request.missing_member", `subscribed_library.${member}`);

/** Subscriptions and pushing exist for published libraries only (contract L14, L23). */
export const checkPublished = (library: Library): FaultValue | null => {
  const wrongKind = checkLocal(library);
  if (wrongKind !== null) return wrongKind;
  return library.publishInfo?.published === true
    ? null
    : faultOf("library.not_published", library.id);
};

/** Only a library that fetches on demand can give up what it fetched (contract L22). */
export const checkOnDemand = (library: Library): FaultValue | null =>
  library.subscriptionInfo?.onDemand === true ? null : faultOf("library.not_on_demand", library.id);

const checkServer = (member: string, server: ServerWish): FaultValue | null => {
  const { hostname, httpsPort } = server;
  if (hostname !== undefined && !/^[^\s/@]{1,255}$/.test(hostname))
    return invalid(`${member}.hostname`, "it is no name or address of a server");
  return httpsPort === undefined || (httpsPort >= 1 && httpsPort <= PORT_MAX)
    ? null
    : invalid(`${member}.https_port`, `it is not from 1 to ${PORT_MAX}`);
};

const PLACES = {
  folder: "folder",
  cluster: "cluster",
  resource_pool: "resourcePool",
  host: "host",
  network: "network",
} as const satisfies Readonly<Record<string, keyof Placement>>;

/** The ids in a placement mean nothing to this server: they only have to look like ids. */
const checkPlacement = (member: string, placement: Placement): FaultValue | null => {
  for (const [name, key] of Object.entries(PLACES)) {
    const id = placement[key];
    const reason = id === undefined ? null : checkName(id);
    if (reason !== null) return invalid(`${member}.${name}`, reason);
  }
  return null;
};

const chooseTarget = (wish: SubscriptionWish): SubscriberChoice | FaultValue => {
  const { target, newLibrary, subscribedLibrary } = wish;
  if (target === "CREATE_NEW") {
    if (newLibrary === undefined) return missing("new_subscribed_library");
    return subscribedLibrary === undefined
      ? { target, wish: newLibrary }
      : invalid("subscribed_library", "it belongs to the target USE_EXISTING");
  }
  if (subscribedLibrary === undefined) return missing("subscribed_library");
  return newLibrary === undefined
    ? { target, id: subscribedLibrary }
    : invalid("new_subscribed_library", "it belongs to the target CREATE_NEW");
};

const checkLocation = ({ location, server }: SubscriptionWish): FaultValue | null => {
  if (location === "LOCAL")
    return server === undefined ? null : invalid("vcenter", "it belongs to the location REMOTE");
  if (server?.hostname === undefined)
    return missing(server === undefined ? "vcenter" : "vcenter.hostname");
  return (
    checkServer("vcenter", server) ??
    faultOf(
      "library.unsupported",
      "subscribed libraries on other servers: make the library there, with the publish_url of this one",
    )
  );
};

/** Whether a wish is sound, and which library it means (contract L23; the unions of the create spec). */
export const chooseSubscriber = (wish: SubscriptionWish): SubscriberChoice | FaultValue => {
  const choice = chooseTarget(wish);
  if (isFault(choice)) return choice;
  const fault =
    (wish.placement === undefined ? null : checkPlacement("placement", wish.placement)) ??
    checkLocation(wish);
  return fault ?? choice;
};

/** A new subscription with the library that follows by it; both are written in one commit. */
export interface PlannedSubscription {
  readonly subscription: Subscription;
  readonly subscribedLibrary: Library;
}

interface Planned {
  readonly id: SubscriptionId;
  /** The published library. */
  readonly library: Library;
  readonly placement?: Placement;
  readonly now: Instant;
}

const plannedOf = (input: Planned, subscribedLibrary: Library): PlannedSubscription => ({
  subscription: {
    id: input.id,
    libraryId: input.library.id,
    subscribedLibraryId: subscribedLibrary.id,
    placement: input.placement ?? {},
  },
  subscribedLibrary,
});

const withSource = (
  library: Library,
  subscriptionInfo: SubscriptionInfo,
  now: Instant,
): Library => ({
  ...library,
  subscriptionInfo,
  version: library.version + 1,
  modifiedAt: Math.max(library.modifiedAt, now),
});

/**
 * A subscription for a subscribed library that is there. The library learns where it belongs, and by that write two
 * subscriptions of one library at the same time meet; its address is not compared, for one server has many.
 */
export const planSubscription = (
  input: Planned & {
    readonly subscriber: Library;
    /** Subscriptions that the published library has. */
    readonly present: readonly Subscription[];
  },
): PlannedSubscription | FaultValue => {
  const { id, library, subscriber, present, now } = input;
  const wrongKind = checkSubscribed(subscriber);
  if (wrongKind !== null) return wrongKind;
  const same = present.find(({ subscribedLibraryId }) => subscribedLibraryId === subscriber.id);
  if (same !== undefined)
    return faultOf("subscription.already_exists", subscriber.id, library.id, same.id);
  const source = { libraryId: library.id, subscriptionId: id };
  const { subscriptionInfo } = subscriber;
  invariant(subscriptionInfo !== undefined, "a subscribed library has a source");
  return plannedOf(input, withSource(subscriber, { ...subscriptionInfo, source }, now));
};

/** A subscription with a new subscribed library that follows the published one at `publishUrl`. */
export const planSubscriptionWithLibrary = (
  input: Planned & {
    readonly subscriberId: LibraryId;
    readonly wish: NewSubscriberWish;
    readonly publishUrl: string;
    /** Ids of datastores that stand for the default place; where there are none, every id does. */
    readonly datastores: readonly string[];
  },
): PlannedSubscription | FaultValue => {
  const { id, library, subscriberId, wish, publishUrl, datastores, now } = input;
  const made = planSubscribedLibraryCreate({
    id: subscriberId,
    datastores,
    wish: {
      ...wish,
      subscriptionInfo: {
        authenticationMethod: "NONE",
        automaticSyncEnabled: wish.automaticSyncEnabled,
        onDemand: wish.onDemand,
        subscriptionUrl: publishUrl,
        source: { libraryId: library.id, subscriptionId: id },
      },
    },
    now,
  });
  if (isFault(made)) return made;
  const { subscriptionInfo } = made;
  invariant(subscriptionInfo !== undefined, "a subscribed library has a source");
  if (library.publishInfo?.authenticationMethod !== "BASIC") return plannedOf(input, made);
  // The password of a BASIC publisher is known by its hash alone, and this server need not log in at itself.
  const basic = { authenticationMethod: "BASIC", userName: PUBLISH_USER_NAME } as const;
  return plannedOf(input, { ...made, subscriptionInfo: { ...subscriptionInfo, ...basic } });
};

const isSamePlacement = (one: Placement, other: Placement): boolean =>
  Object.values(PLACES).every((key) => one[key] === other[key]);

/** The subscription after an update; one that changes nothing gives the very same value back. */
export const planSubscriptionUpdate = (
  subscription: Subscription,
  { server, placement }: SubscriptionPatch,
): Subscription | FaultValue => {
  if (server !== undefined)
    return invalid(
      "subscribed_library_vcenter",
      "the subscribed library lives on this server, and belongs to no other",
    );
  const fault =
    placement === undefined ? null : checkPlacement("subscribed_library_placement", placement);
  if (fault !== null) return fault;
  return placement === undefined || isSamePlacement(placement, subscription.placement)
    ? subscription
    : { ...subscription, placement };
};

/** The subscribed library once its subscription ended: it stays, and belongs to no subscription. Null when it did not say it did. */
export const releaseSubscriber = (
  subscriber: Library,
  subscription: Subscription,
  now: Instant,
): Library | null => {
  if (subscriber.subscriptionInfo?.source?.subscriptionId !== subscription.id) return null;
  const { source: _ended, ...info } = subscriber.subscriptionInfo;
  return withSource(subscriber, info, now);
};

/** Subscriptions to push to: those that are asked for, or all (contract L14). */
export const chooseDestinations = (
  library: Library,
  present: readonly Subscription[],
  wanted: readonly string[],
): readonly Subscription[] | FaultValue => {
  const unknown = wanted.find((id) => !present.some((one) => one.id === id.toLowerCase()));
  if (unknown !== undefined) return faultOf("subscription.not_found", library.id, unknown);
  if (wanted.length === 0) return present;
  return present.filter((one) => wanted.some((id) => id.toLowerCase() === one.id));
};
