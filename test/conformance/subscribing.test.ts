import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import type { Client } from "./client.ts";
import { makeItem, makeLibrary } from "./content.ts";
import { FORMS } from "./forms.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";
import { SUBSCRIBING } from "./subscribing-forms.ts";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const PASSWORD = "publisher's secret";
const SOURCE = {
  authentication_method: "NONE",
  automatic_sync_enabled: false,
  on_demand: true,
  subscription_url: "https://publisher.example/cls/vcsp/lib/1/lib.json",
};
const NEW_FOLLOWER = {
  subscribed_library: {
    target: "CREATE_NEW",
    location: "LOCAL",
    new_subscribed_library: {
      name: "follower",
      storage_backings: [{ type: "OTHER" }],
      automatic_sync_enabled: false,
      on_demand: true,
    },
    placement: { folder: "group-v3" },
  },
};

const server = await serverUnderTest();

for (const form of FORMS) {
  const spell = SUBSCRIBING[form.name];
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  const published = async (): Promise<string> => {
    const library = await makeLibrary(client);
    const publish_info = { published: true };
    await client.done(form.updateLocalLibrary(library, { publish_info }));
    return library;
  };
  const subscribed = async (over: object = {}): Promise<string> =>
    await client.done(
      spell.createSubscribed({
        name: freshName("subscribed"),
        storage_backings: [{ type: "OTHER" }],
        type: "SUBSCRIBED",
        subscription_info: { ...SOURCE, ...over },
      }),
    );

  describe(`a published library, ${form.name}`, () => {
    test("shows where subscribers find it, and a stale version is a concurrent change [C43]", async () => {
      const library = await published();
      const { publish_info } = await client.done(spell.getLocal(library));
      assert.deepEqual(publish_info, {
        authentication_method: "NONE",
        published: true,
        publish_url: `${server.url}/cls/vcsp/lib/${library}/lib.json`,
        user_name: "vcsp",
        persist_json_enabled: false,
      });
      const stale = { version: "1", publish_info: { published: false } };
      await client.refused(form.updateLocalLibrary(library, stale), "concurrent_change");
    });

    test("asks for its password before it is unpublished", async () => {
      const publish_info = { authentication_method: "BASIC", published: true, password: PASSWORD };
      const library = await client.done(
        form.createLibrary({ name: freshName("basic"), publish_info }),
      );
      const unpublish = (current_password?: string) =>
        form.updateLocalLibrary(library, {
          publish_info: { published: false, current_password: current_password ?? null },
        });
      await client.refused(unpublish(), "invalid_argument");
      await client.refused(unpublish("wrong"), "invalid_argument");
      await client.done(unpublish(PASSWORD));
    });

    test("is pushed to nobody, and to somebody it can not be", async () => {
      const library = await published();
      const item = await makeItem(client, {}, library);
      const pushes = [
        (members?: object) => spell.publish(library, { ...members }),
        (members?: object) => spell.publishItem(item, { ...members }),
      ];
      for (const push of pushes) {
        await client.done(push());
        const unknown = { subscriptions: [{ subscription: UNKNOWN }] };
        await client.refused(push(unknown), "not_found");
      }
      const subscription = await client.done(spell.subscribe(library, NEW_FOLLOWER));
      for (const push of pushes) {
        const text = await client.refused(
          push({ subscriptions: [{ subscription }] }),
          "unsupported",
        );
        assert.match(text, /pushing/);
      }
      const unpublished = await makeItem(client);
      await client.refused(spell.publishItem(unpublished), "not_allowed_in_current_state");
      await client.refused(spell.publishItem(UNKNOWN), "not_found");
      await client.refused(spell.publish(UNKNOWN), "not_found");
      await client.refused(spell.publish(await subscribed()), "invalid_element_type");
    });
  });

  describe(`a subscribed library, ${form.name}`, () => {
    test("is made once a token, shown, listed, changed and deleted", async () => {
      const token = randomUUID();
      const spec = { name: freshName("subscribed"), subscription_info: SOURCE };
      const id = await client.done(spell.createSubscribed(spec, token));
      assert.equal(await client.done(spell.createSubscribed(spec, token)), id);
      const library = await client.done(spell.getSubscribed(id));
      assert.deepEqual(library, await client.done(form.getLibrary(id)));
      assert.deepEqual(library.subscription_info, SOURCE);
      assert.ok((await client.done(spell.listSubscribed())).includes(id));
      assert.ok((await client.done(form.listLibraries())).includes(id));
      const subscription_info = { on_demand: false, user_name: null };
      await client.done(spell.updateSubscribed(id, { subscription_info }));
      const changed = await client.done(spell.getSubscribed(id));
      assert.deepEqual(changed.subscription_info, { ...SOURCE, on_demand: false });
      const stale = spell.updateSubscribed(id, { version: "1", name: "x" });
      await client.refused(stale, "concurrent_change");
      await client.done(spell.deleteSubscribed(id));
      await client.refused(spell.getSubscribed(id), "not_found");
      await client.refused(spell.deleteSubscribed(id), "not_found");
    });

    test("is refused by the service of the other kind [C41, C48]", async () => {
      const [local, follower] = [await makeLibrary(client), await subscribed()];
      for (const asking of [
        spell.getSubscribed(local),
        spell.updateSubscribed(local, { name: "x" }),
        spell.deleteSubscribed(local),
        spell.evict(local),
        spell.sync(local),
        spell.getLocal(follower),
        form.updateLocalLibrary(follower, { name: "x" }),
        form.deleteLibrary(follower),
        form.createItem({ library_id: follower, name: "x" }),
      ])
        await client.refused(asking, "invalid_element_type");
    });

    test("gives up nothing, follows nobody, and asks no publisher that can not be one", async () => {
      await client.done(spell.evict(await subscribed()));
      const whole = await subscribed({ on_demand: false });
      await client.refused(spell.evict(whole), "not_allowed_in_current_state");
      assert.match(await client.refused(spell.sync(whole), "unsupported"), /following/);
      const onDisk = { ...SOURCE, subscription_url: "ds:///vmfs/volumes/1/lib.json" };
      await client.refused(spell.probe(onDisk), "unsupported");
      const answer = await client.done(spell.probe({ ...SOURCE, subscription_url: "nonsense" }));
      assert.equal(answer.status, "INVALID_URL");
      assert.ok(answer.error_messages.length > 0);
      for (const asking of [spell.evict(UNKNOWN), spell.sync(UNKNOWN)])
        await client.refused(asking, "not_found");
    });

    test("needs a source that can be one", async () => {
      for (const [over, faultClass] of [
        [{ subscription_url: null }, "invalid_argument"],
        [{ subscription_url: "https://a:b@host/lib.json" }, "invalid_argument"],
        [{ authentication_method: "BASIC" }, "invalid_argument"],
        [{ password: "" }, "invalid_argument"],
        [{ ssl_thumbprint: "xx" }, "invalid_argument"],
        [{ subscription_url: "nfs://host/lib.json" }, "unsupported"],
      ] as const) {
        const subscription_info = { ...SOURCE, ...over };
        const asking = spell.createSubscribed({ name: "x", subscription_info });
        await client.refused(asking, faultClass);
      }
      await client.refused(spell.createSubscribed({ name: "x" }), "invalid_argument");
    });

    test("has no items yet, so that the calls on them find those of local libraries or none", async () => {
      const local = await makeItem(client);
      for (const ask of [spell.evictItem, spell.syncItem]) {
        await client.refused(ask(local), "invalid_element_type");
        await client.refused(ask(UNKNOWN), "not_found");
      }
    });
  });

  describe(`subscriptions, ${form.name}`, () => {
    test("are made, once a token, shown, listed, changed and ended", async () => {
      const library = await published();
      const token = randomUUID();
      const id = await client.done(spell.subscribe(library, NEW_FOLLOWER, token));
      assert.equal(await client.done(spell.subscribe(library, NEW_FOLLOWER, token)), id);
      const { subscribed_library: follower, ...shown } = await client.done(
        spell.getSubscription(library, id),
      );
      assert.deepEqual(shown, {
        subscribed_library_name: "follower",
        subscribed_library_location: "LOCAL",
        subscribed_library_placement: { folder: "group-v3" },
      });
      assert.deepEqual(await client.done(spell.listSubscriptions(library)), [
        { subscription: id, subscribed_library: follower, subscribed_library_name: "follower" },
      ]);
      const placement = { subscribed_library_placement: { network: "network-1" } };
      await client.done(spell.updateSubscription(library, id, placement));
      const moved = await client.done(spell.getSubscription(library, id));
      assert.deepEqual(moved.subscribed_library_placement, { network: "network-1" });
      const remote = { subscribed_library_vcenter: { hostname: "other.example" } };
      await client.refused(spell.updateSubscription(library, id, remote), "invalid_argument");
      await client.done(spell.deleteSubscription(library, id));
      await client.refused(spell.getSubscription(library, id), "not_found");
      const { subscription_info } = await client.done(spell.getSubscribed(follower));
      assert.equal(
        subscription_info?.subscription_url,
        `${server.url}/cls/vcsp/lib/${library}/lib.json`,
      );
    });

    test("of one library there is one a publisher", async () => {
      const library = await published();
      const subscribed_library = { target: "USE_EXISTING", location: "LOCAL" };
      const spec = {
        subscribed_library: { ...subscribed_library, subscribed_library: await subscribed() },
      };
      await client.done(spell.subscribe(library, spec));
      await client.refused(spell.subscribe(library, spec), "already_exists");
    });

    test("need a published library and a sound wish", async () => {
      const library = await published();
      const unpublished = await makeLibrary(client);
      const other = await published();
      const id = await client.done(spell.subscribe(other, NEW_FOLLOWER));
      const withTarget = (over: object) => ({
        subscribed_library: { ...NEW_FOLLOWER.subscribed_library, ...over },
      });
      for (const [asking, faultClass] of [
        [spell.subscribe(unpublished, NEW_FOLLOWER), "not_allowed_in_current_state"],
        [spell.listSubscriptions(unpublished), "not_allowed_in_current_state"],
        [spell.subscribe(await subscribed(), NEW_FOLLOWER), "invalid_element_type"],
        [spell.listSubscriptions(UNKNOWN), "not_found"],
        [spell.getSubscription(library, id), "not_found"],
        [spell.updateSubscription(library, id, {}), "not_found"],
        [spell.deleteSubscription(library, id), "not_found"],
        [spell.subscribe(library, withTarget({ target: "USE_EXISTING" })), "invalid_argument"],
        [spell.subscribe(library, withTarget({ location: "REMOTE" })), "invalid_argument"],
        [
          spell.subscribe(
            library,
            withTarget({ location: "REMOTE", vcenter: { hostname: "other.example" } }),
          ),
          "unsupported",
        ],
      ] as const)
        await client.refused(asking, faultClass);
    });
  });
}
