import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import { aLibraryId, aSubscriptionId, BUILT_AT } from "@contentlib/testkit/builders/ids";
import { aLibrary } from "@contentlib/testkit/builders/libraries";
import type { Library } from "./library.ts";
import {
  checkPublished,
  chooseDestinations,
  chooseSubscriber,
  planSubscription,
  planSubscriptionUpdate,
  planSubscriptionWithLibrary,
  releaseSubscriber,
} from "./plan-subscription.ts";
import type { NewSubscriberWish, SubscriptionWish } from "./plan-subscription.ts";
import type { Subscription } from "./subscription.ts";

const NOW = BUILT_AT + 5000;
const publishInfo = {
  authenticationMethod: "NONE",
  published: true,
  persistJsonEnabled: false,
} as const;
const published = aLibrary({ publishInfo });
const subscriptionInfo = {
  authenticationMethod: "NONE",
  automaticSyncEnabled: true,
  onDemand: false,
  subscriptionUrl: "https://publisher.example/lib.json",
} as const;
const aSubscriber = (over: Partial<Library> = {}): Library =>
  aLibrary({ type: "SUBSCRIBED", subscriptionInfo, ...over });
const aSubscription = (over: Partial<Subscription> = {}): Subscription => ({
  id: aSubscriptionId(),
  libraryId: published.id,
  subscribedLibraryId: aLibraryId(),
  placement: {},
  ...over,
});

describe("a published library", () => {
  test("is local and published", () => {
    assert.equal(checkPublished(published), null);
    const unpublished = aLibrary({ publishInfo: { ...publishInfo, published: false } });
    for (const library of [aLibrary(), unpublished])
      assert.deepEqual(checkPublished(library), faultOf("library.not_published", library.id));
    const subscribed = aSubscriber();
    assert.deepEqual(
      checkPublished(subscribed),
      faultOf("library.wrong_type", subscribed.id, "SUBSCRIBED", "LOCAL"),
    );
  });
});

describe("the subscriber that a new subscription means", () => {
  const newLibrary = {
    name: "copy",
    storageBackings: [],
    automaticSyncEnabled: true,
    onDemand: true,
  } as const;
  const fresh: SubscriptionWish = { target: "CREATE_NEW", newLibrary, location: "LOCAL" };
  const there: SubscriptionWish = {
    target: "USE_EXISTING",
    subscribedLibrary: "some id",
    location: "LOCAL",
  };

  test("is a new library or one that is there", () => {
    assert.deepEqual(chooseSubscriber(fresh), { target: "CREATE_NEW", wish: newLibrary });
    assert.deepEqual(chooseSubscriber({ ...there, placement: { folder: "group-v3" } }), {
      target: "USE_EXISTING",
      id: "some id",
    });
  });

  const { newLibrary: _new, ...withoutNew } = fresh;
  const { subscribedLibrary: _there, ...withoutThere } = there;
  const remote = { location: "REMOTE" } as const;
  const refusals: readonly (readonly [SubscriptionWish, string, string])[] = [
    [withoutNew, "request.missing_member", "subscribed_library.new_subscribed_library"],
    [withoutThere, "request.missing_member", "subscribed_library.subscribed_library"],
    [{ ...fresh, subscribedLibrary: "x" }, "subscription.invalid_property", "subscribed_library"],
    [{ ...there, newLibrary }, "subscription.invalid_property", "new_subscribed_library"],
    [{ ...fresh, server: { hostname: "h" } }, "subscription.invalid_property", "vcenter"],
    [{ ...fresh, ...remote }, "request.missing_member", "subscribed_library.vcenter"],
    [
      { ...fresh, ...remote, server: {} },
      "request.missing_member",
      "subscribed_library.vcenter.hostname",
    ],
    [
      { ...there, ...remote, server: { hostname: "https://h" } },
      "subscription.invalid_property",
      "vcenter.hostname",
    ],
    [
      { ...there, ...remote, server: { hostname: "h", httpsPort: 0 } },
      "subscription.invalid_property",
      "vcenter.https_port",
    ],
    [
      { ...there, placement: { resourcePool: "" } },
      "subscription.invalid_property",
      "placement.resource_pool",
    ],
  ];
  for (const [wish, code, member] of refusals) {
    test(`${member} of ${wish.target} ${wish.location} is refused: ${code}`, () => {
      const fault = chooseSubscriber(wish);
      assert.ok(isFault(fault), JSON.stringify(fault));
      assert.deepEqual([fault.fault, fault.args[0]], [code, member]);
    });
  }

  test("on another server is unsupported, once all else is sound", () => {
    for (const wish of [fresh, there]) {
      const fault = chooseSubscriber({ ...wish, ...remote, server: { hostname: "h" } });
      assert.equal(isFault(fault) ? fault.fault : null, "library.unsupported");
    }
  });
});

describe("a new subscription", () => {
  const id = aSubscriptionId();

  test("with a library that is there tells it where it belongs", () => {
    const subscriber = aSubscriber({ version: 4 });
    const placement = { folder: "group-v3" };
    const planned = planSubscription({
      id,
      library: published,
      placement,
      now: NOW,
      subscriber,
      present: [aSubscription()],
    });
    assert.deepEqual(planned, {
      subscription: {
        id,
        libraryId: published.id,
        subscribedLibraryId: subscriber.id,
        placement,
      },
      subscribedLibrary: {
        ...subscriber,
        subscriptionInfo: {
          ...subscriptionInfo,
          source: { libraryId: published.id, subscriptionId: id },
        },
        version: 5,
        modifiedAt: NOW,
      },
    });
  });

  test("with a local library, or one that follows already, is refused", () => {
    const local = aLibrary();
    const rest = { id, library: published, now: NOW };
    assert.deepEqual(
      planSubscription({ ...rest, subscriber: local, present: [] }),
      faultOf("library.wrong_type", local.id, "LOCAL", "SUBSCRIBED"),
    );
    const subscriber = aSubscriber();
    const first = aSubscription({ subscribedLibraryId: subscriber.id });
    assert.deepEqual(
      planSubscription({ ...rest, subscriber, present: [aSubscription(), first] }),
      faultOf("subscription.already_exists", subscriber.id, published.id, first.id),
    );
  });

  const subscriberId = aLibraryId();
  const publishUrl = "http://127.0.0.1:8697/cls/vcsp/lib/x/lib.json";
  const withLibrary = (library: Library, over: Partial<NewSubscriberWish> = {}) => {
    const wish = {
      name: "copy",
      storageBackings: [],
      automaticSyncEnabled: true,
      onDemand: false,
      ...over,
    };
    const datastores = ["datastore-15"];
    const input = { id, library, now: NOW, subscriberId, publishUrl, datastores, wish };
    return planSubscriptionWithLibrary(input);
  };

  test("with a new library makes it, following at the address of the published one", () => {
    const planned = withLibrary(published);
    assert.ok(!isFault(planned));
    assert.equal(planned.subscription.subscribedLibraryId, subscriberId);
    assert.deepEqual(planned.subscribedLibrary, {
      id: subscriberId,
      type: "SUBSCRIBED",
      name: "copy",
      description: "",
      createdAt: NOW,
      modifiedAt: NOW,
      version: 1,
      storageBackings: [{ type: "OTHER" }],
      subscriptionInfo: {
        authenticationMethod: "NONE",
        automaticSyncEnabled: true,
        onDemand: false,
        subscriptionUrl: publishUrl,
        source: { libraryId: published.id, subscriptionId: id },
      },
    });
  });

  test("with a new library keeps the datastore it is told", () => {
    const storageBackings = [{ type: "DATASTORE", datastoreId: "datastore-15" }] as const;
    const planned = withLibrary(published, { storageBackings });
    assert.ok(!isFault(planned));
    assert.deepEqual(planned.subscribedLibrary.storageBackings, storageBackings);
  });

  test("with a new library of a BASIC publisher takes its method and user, and no password", () => {
    const basic = { ...publishInfo, authenticationMethod: "BASIC", passwordHash: "hash" } as const;
    const planned = withLibrary({ ...published, publishInfo: basic });
    assert.ok(!isFault(planned));
    const info = planned.subscribedLibrary.subscriptionInfo;
    assert.equal(info?.authenticationMethod, "BASIC");
    assert.equal(info.userName, "vcsp");
    assert.doesNotMatch(JSON.stringify(planned), /hash/);
  });

  test("with a new library that can not be is refused as its create would be", () => {
    assert.deepEqual(
      withLibrary(published, { name: "" }),
      faultOf("library.invalid_property", "name", "it is empty"),
    );
    const storageBackings = [{ type: "DATASTORE", datastoreId: "datastore-16" }] as const;
    assert.deepEqual(
      withLibrary(published, { storageBackings }),
      faultOf("library.datastore_not_found", "datastore-16"),
    );
  });
});

describe("a subscription that is there", () => {
  const subscription = aSubscription({ placement: { folder: "group-v3", network: "network-1" } });

  test("has its placement replaced as a whole", () => {
    assert.deepEqual(planSubscriptionUpdate(subscription, { placement: { host: "host-1" } }), {
      ...subscription,
      placement: { host: "host-1" },
    });
    const same = { placement: { network: "network-1", folder: "group-v3" } };
    for (const patch of [{}, same])
      assert.equal(planSubscriptionUpdate(subscription, patch), subscription);
    const fault = planSubscriptionUpdate(subscription, { placement: { host: "a\nb" } });
    assert.ok(isFault(fault));
    assert.equal(fault.args[0], "subscribed_library_placement.host");
  });

  test("has no other server", () => {
    const fault = planSubscriptionUpdate(subscription, { server: {} });
    assert.ok(isFault(fault));
    assert.deepEqual(
      [fault.fault, fault.args[0]],
      ["subscription.invalid_property", "subscribed_library_vcenter"],
    );
  });

  test("leaves its library behind, which belongs to it no more", () => {
    const source = { libraryId: published.id, subscriptionId: subscription.id };
    const subscriber = aSubscriber({
      id: subscription.subscribedLibraryId,
      subscriptionInfo: { ...subscriptionInfo, source },
    });
    assert.deepEqual(releaseSubscriber(subscriber, subscription, NOW), {
      ...subscriber,
      subscriptionInfo,
      version: 2,
      modifiedAt: NOW,
    });
    assert.equal(releaseSubscriber(subscriber, aSubscription(), NOW), null);
    assert.equal(releaseSubscriber(aSubscriber(), subscription, NOW), null);
  });

  test("is pushed to when it is asked for, or when nothing is", () => {
    const [one, two] = [aSubscription(), aSubscription()];
    const choose = (...wanted: readonly string[]) =>
      chooseDestinations(published, [one, two], wanted);
    assert.deepEqual(choose(), [one, two]);
    assert.deepEqual(choose(two.id.toUpperCase(), two.id), [two]);
    for (const unknown of [aSubscriptionId(), "x"]) {
      assert.deepEqual(
        choose(one.id, unknown),
        faultOf("subscription.not_found", published.id, unknown),
      );
    }
  });
});
