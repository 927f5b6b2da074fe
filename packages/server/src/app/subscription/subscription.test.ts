import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { OperationInput } from "@contentlib/contract";
import { catalogAround } from "@contentlib/testkit/faults/catalog-around";
import { aCall, wholeList } from "@contentlib/testkit/rigs/app-rig";
import { LibraryRig, OPEN_SOURCE } from "@contentlib/testkit/rigs/library-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";

type Spec = OperationInput<"subscription.create">["spec"]["subscribed_library"];

const NOWHERE = "00000000-0000-4000-8000-00000000abcd";
const TOKEN = "11111111-0000-4000-8000-000000000001";
const NEW = {
  target: "CREATE_NEW",
  location: "LOCAL",
  new_subscribed_library: {
    name: "copies",
    storage_backings: [{ type: "OTHER" }],
    automatic_sync_enabled: true,
    on_demand: false,
  },
} as const satisfies Spec;
const existing = (subscribed_library: string) =>
  ({ target: "USE_EXISTING", location: "LOCAL", subscribed_library }) as const;

const subscribe = (rig: LibraryRig, library: string, spec: Spec, client_token?: string) =>
  rig.handlers["subscription.create"](
    {
      library,
      spec: { subscribed_library: spec },
      ...(client_token === undefined ? {} : { client_token }),
    },
    aCall(),
  );
const list = async (rig: LibraryRig, library: string) =>
  await wholeList(await rig.handlers["subscription.list"]({ library }, aCall()));

describe("a new subscription", () => {
  test("makes a library that follows, with its placement", async () => {
    const rig = await LibraryRig.open();
    const library = await rig.published();
    const placement = { folder: "group-v3", resource_pool: "resgroup-8" };
    const subscription = await subscribe(rig, library, { ...NEW, placement });
    const shown = await rig.handlers["subscription.get"]({ library, subscription }, aCall());
    const id = shown.subscribed_library;
    assert.deepEqual(shown, {
      subscribed_library: id,
      subscribed_library_name: "copies",
      subscribed_library_location: "LOCAL",
      subscribed_library_placement: placement,
    });
    assert.deepEqual(await list(rig, library), [
      { subscription, subscribed_library: id, subscribed_library_name: "copies" },
    ]);
    const follower = await rig.get(id);
    assert.equal(follower.type, "SUBSCRIBED");
    assert.deepEqual(follower.subscription_info, {
      authentication_method: "NONE",
      automatic_sync_enabled: true,
      on_demand: false,
      subscription_url: (await rig.get(library)).publish_info?.publish_url,
      source_info: { source_library: library, subscription },
    });
  });

  test("of a BASIC publisher logs in as its users do", async () => {
    const rig = await LibraryRig.open();
    const library = await rig.local({
      authentication_method: "BASIC",
      published: true,
      password: "secret",
    });
    const subscription = await subscribe(rig, library, NEW);
    const shown = await rig.handlers["subscription.get"]({ library, subscription }, aCall());
    const { subscription_info } = await rig.get(shown.subscribed_library);
    assert.equal(subscription_info?.authentication_method, "BASIC");
    assert.equal(subscription_info.user_name, "vcsp");
  });

  test("takes a library that is there, whatever its address, once", async () => {
    const rig = await LibraryRig.open();
    const library = await rig.published();
    const follower = await rig.subscribed();
    const subscription = await subscribe(rig, library, existing(follower));
    const { subscription_info, version } = await rig.get(follower);
    assert.deepEqual(subscription_info, {
      ...OPEN_SOURCE,
      source_info: { source_library: library, subscription },
    });
    assert.equal(version, "2");
    const text = await refusedWith(
      "subscription.already_exists",
      subscribe(rig, library, existing(follower)),
    );
    assert.ok(text.includes(subscription));
    await subscribe(rig, await rig.published(), existing(follower));
    assert.equal((await list(rig, library)).length, 1);
  });

  /** A rig in which something else happens once, between the decision on a new subscription and its commit. */
  const racedRig = async () => {
    const race: { other: (() => Promise<unknown>) | null } = { other: null };
    const rig = await LibraryRig.open((storage) => ({
      ...storage,
      catalog: catalogAround(storage.catalog, async (name, proceed) => {
        const { other } = race;
        if (name.includes("subscription.put")) {
          race.other = null;
          await other?.();
        }
        return await proceed();
      }),
    }));
    return { rig, race };
  };

  test("of two for one library at the same time one comes too late", async () => {
    const { rig, race } = await racedRig();
    const library = await rig.published();
    const spec = existing(await rig.subscribed());
    race.other = () => subscribe(rig, library, spec);
    await refusedWith("subscription.already_exists", subscribe(rig, library, spec));
    assert.equal(race.other, null, "nobody came in between");
    assert.equal((await list(rig, library)).length, 1);
  });

  test("is not made for a publisher that ceases to be one meanwhile", async () => {
    const { rig, race } = await racedRig();
    const library = await rig.published();
    const update_spec = { publish_info: { published: false } };
    race.other = () =>
      rig.handlers["localLibrary.update"]({ library_id: library, update_spec }, aCall());
    await refusedWith("library.not_published", subscribe(rig, library, NEW));
    assert.equal(race.other, null, "nobody came in between");
  });

  test("keeps the datastore of its library, where that is one of this server's", async () => {
    const rig = await LibraryRig.open(undefined, { datastores: ["datastore-15"] });
    const library = await rig.published();
    const on = (datastore_id: string) => {
      const storage_backings = [{ type: "DATASTORE", datastore_id }] as const;
      return {
        ...NEW,
        new_subscribed_library: { ...NEW.new_subscribed_library, storage_backings },
      };
    };
    const subscription = await subscribe(rig, library, on("datastore-15"));
    const shown = await rig.handlers["subscription.get"]({ library, subscription }, aCall());
    const { storage_backings } = await rig.get(shown.subscribed_library);
    assert.deepEqual(storage_backings, on("datastore-15").new_subscribed_library.storage_backings);
    await refusedWith("library.datastore_not_found", subscribe(rig, library, on("datastore-16")));
    assert.equal((await list(rig, library)).length, 1);
  });

  test("is made once for a client token, with one library", async () => {
    const rig = await LibraryRig.open();
    const library = await rig.published();
    const first = await subscribe(rig, library, NEW, TOKEN);
    assert.equal(await subscribe(rig, library, NEW, TOKEN), first);
    assert.equal((await list(rig, library)).length, 1);
    const spec = { type: "SUBSCRIBED" } as const;
    const followers = await wholeList(await rig.handlers["library.find"]({ spec }, aCall()));
    assert.equal(followers.length, 1);
  });

  test("is refused where there can be none, and then leaves no library behind", async () => {
    const rig = await LibraryRig.open();
    const library = await rig.published();
    const local = await rig.local();
    const follower = await rig.subscribed();
    const remote = { ...NEW, location: "REMOTE", vcenter: { hostname: "other.example" } } as const;
    for (const [code, of, spec] of [
      ["library.not_found", NOWHERE, NEW],
      ["library.wrong_type", follower, NEW],
      ["library.not_published", local, NEW],
      ["library.not_found", library, existing(NOWHERE)],
      ["library.not_found", library, existing("no id")],
      ["library.wrong_type", library, existing(local)],
      ["request.missing_member", library, { target: "CREATE_NEW", location: "LOCAL" }],
      ["subscription.invalid_property", library, { ...NEW, subscribed_library: follower }],
      ["subscription.invalid_property", library, { ...NEW, vcenter: { hostname: "h" } }],
      ["subscription.invalid_property", library, { ...NEW, placement: { host: "" } }],
      ["library.unsupported", library, remote],
    ] as const)
      await refusedWith(code, subscribe(rig, of, spec));
    assert.deepEqual(await list(rig, library), []);
    const followers = await wholeList(await rig.handlers["subscribedLibrary.list"]({}, aCall()));
    assert.deepEqual(followers, [follower]);
  });
});

describe("a subscription that is there", () => {
  const setUp = async () => {
    const rig = await LibraryRig.open();
    const library = await rig.published();
    const follower = await rig.subscribed();
    const placement = { folder: "group-v3", network: "network-1" };
    const subscription = await subscribe(rig, library, { ...existing(follower), placement });
    const get = () => rig.handlers["subscription.get"]({ library, subscription }, aCall());
    return { rig, library, follower, subscription, get };
  };

  test("has its placement replaced as a whole", async () => {
    const { rig, library, subscription, get } = await setUp();
    const update = (spec: OperationInput<"subscription.update">["spec"]) =>
      rig.handlers["subscription.update"]({ library, subscription, spec }, aCall());
    await update({});
    assert.equal((await get()).subscribed_library_placement.network, "network-1");
    await update({ subscribed_library_placement: { host: "host-9" } });
    assert.deepEqual((await get()).subscribed_library_placement, { host: "host-9" });
    await refusedWith(
      "subscription.invalid_property",
      update({ subscribed_library_vcenter: { hostname: "other.example" } }),
    );
    await refusedWith(
      "subscription.invalid_property",
      update({ subscribed_library_placement: { host: "" } }),
    );
    assert.deepEqual((await get()).subscribed_library_placement, { host: "host-9" });
  });

  test("ends, and its library stays and belongs to nobody", async () => {
    const { rig, library, follower, subscription, get } = await setUp();
    await rig.handlers["subscription.delete"]({ library, subscription }, aCall());
    await refusedWith("subscription.not_found", get());
    assert.deepEqual(await list(rig, library), []);
    assert.deepEqual((await rig.get(follower)).subscription_info, OPEN_SOURCE);
    await refusedWith(
      "subscription.not_found",
      rig.handlers["subscription.delete"]({ library, subscription }, aCall()),
    );
    await subscribe(rig, library, existing(follower));
  });

  test("is not there under another library, nor under one that is not published", async () => {
    const { rig, library, follower, subscription } = await setUp();
    const { handlers } = rig;
    const spec = { subscribed_library_placement: {} };
    const asks = (of: string, id: string) => [
      () => handlers["subscription.get"]({ library: of, subscription: id }, aCall()),
      () => handlers["subscription.update"]({ library: of, subscription: id, spec }, aCall()),
      () => handlers["subscription.delete"]({ library: of, subscription: id }, aCall()),
    ];
    const refuseAll = async (code: string, of: string, id = subscription): Promise<void> => {
      for (const ask of asks(of, id)) await refusedWith(code, ask());
    };
    await refuseAll("subscription.not_found", await rig.published());
    await refuseAll("subscription.not_found", library, NOWHERE);
    await refuseAll("subscription.not_found", library, "no id");
    await refuseAll("library.not_found", NOWHERE);
    await refuseAll("library.wrong_type", follower);
    await handlers["localLibrary.update"](
      { library_id: library, update_spec: { publish_info: { published: false } } },
      aCall(),
    );
    await refuseAll("library.not_published", library);
    await refusedWith("library.not_published", list(rig, library));
    await refusedWith("library.wrong_type", list(rig, follower));
    await refusedWith("library.not_found", list(rig, NOWHERE));
  });

  test("goes with either of its libraries, and leaves the other", async () => {
    for (const gone of ["library", "follower"] as const) {
      const { rig, library, follower, subscription } = await setUp();
      const { handlers } = rig;
      const library_id = gone === "library" ? library : follower;
      await handlers["library.delete"]({ library_id }, aCall());
      if (gone === "library") {
        assert.equal((await rig.get(follower)).type, "SUBSCRIBED");
        await refusedWith("library.not_found", list(rig, library));
      } else {
        assert.deepEqual(await list(rig, library), []);
        const get = handlers["subscription.get"]({ library, subscription }, aCall());
        await refusedWith("subscription.not_found", get);
      }
    }
  });
});

describe("pushing to subscriptions", () => {
  const publishers = (rig: LibraryRig, library_id: string, library_item_id: string) =>
    [
      (subscriptions?: readonly string[]) =>
        rig.handlers["localLibrary.publish"]({ library_id, ...wanted(subscriptions) }, aCall()),
      (subscriptions?: readonly string[]) =>
        rig.handlers["item.publish"](
          { library_item_id, force_sync_content: false, ...wanted(subscriptions) },
          aCall(),
        ),
    ] as const;
  const wanted = (ids: readonly string[] | undefined) =>
    ids === undefined ? {} : { subscriptions: ids.map((subscription) => ({ subscription })) };

  test("has nothing to do where there are none, and is unsupported where there are", async () => {
    const rig = await LibraryRig.open();
    const library = await rig.published();
    const item = await rig.item(library);
    for (const publish of publishers(rig, library, item)) {
      await publish();
      await publish([]);
      await refusedWith("subscription.not_found", publish([NOWHERE]));
    }
    const subscription = await subscribe(rig, library, NEW);
    const elsewhere = await subscribe(rig, await rig.published(), NEW);
    for (const publish of publishers(rig, library, item)) {
      await refusedWith("library.unsupported", publish());
      await refusedWith("library.unsupported", publish([subscription]));
      await refusedWith("subscription.not_found", publish([subscription, elsewhere]));
    }
  });

  test("needs a library that is published, and what is to be pushed", async () => {
    const rig = await LibraryRig.open();
    const library = await rig.local();
    const item = await rig.item(library);
    for (const publish of publishers(rig, library, item))
      await refusedWith("library.not_published", publish([NOWHERE]));
    const [, publishItem] = publishers(rig, library, NOWHERE);
    await refusedWith("item.not_found", publishItem());
  });
});
