// What clients of a vCenter do first: they make a library on a datastore.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Client } from "./client.ts";
import { makeItem, readFile } from "./content.ts";
import { FORMS } from "./forms.ts";
import { newFollower, publishedLibrary, SOURCE } from "./operation-case.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";
import { SUBSCRIBING } from "./subscribing-forms.ts";

const KNOWN = { type: "DATASTORE", datastore_id: "datastore-15" };
const UNKNOWN = { type: "DATASTORE", datastore_id: "datastore-16" };

/** Any datastore does. */
const open = await serverUnderTest();
/** One datastore does. */
const narrow = await serverUnderTest({ datastores: [KNOWN.datastore_id] });

/** A follower that keeps what it gets on the datastore. */
function followerOn(backing: object) {
  const { subscribed_library: told } = newFollower();
  const new_subscribed_library = { ...told.new_subscribed_library, storage_backings: [backing] };
  return { subscribed_library: { ...told, new_subscribed_library } };
}

for (const form of FORMS) {
  const spell = SUBSCRIBING[form.name];
  let client: Client;
  before(async () => {
    client = await narrow.client(form);
  });

  const local = (backing: object) =>
    form.createLibrary({ name: freshName("local"), storage_backings: [backing] });
  const subscribed = (backing: object) =>
    spell.createSubscribed({
      name: freshName("subscribed"),
      subscription_info: SOURCE,
      storage_backings: [backing],
    });

  describe(`a datastore, ${form.name}`, () => {
    test("is shown by its library and its files, which lie in the default place", async () => {
      const library = await client.done(local(KNOWN));
      assert.deepEqual((await client.done(form.getLibrary(library))).storage_backings, [KNOWN]);
      const item = await makeItem(client, { "a b.txt": "content" }, library);
      const [stored] = await client.done(form.listStorage(item));
      assert.deepEqual(stored?.storage_backing, KNOWN);
      assert.deepEqual(stored.storage_uris, [`contentlib:///${library}/${item}/a%20b.txt`]);
      assert.equal(await readFile(client, item, "a b.txt"), "content");
    });

    test("is shown by subscribed libraries, whichever way they are made", async () => {
      const made = await client.done(subscribed(KNOWN));
      const published = await publishedLibrary({ client, form });
      const id = await client.done(spell.subscribe(published, followerOn(KNOWN)));
      const subscription = await client.done(spell.getSubscription(published, id));
      for (const library of [made, subscription.subscribed_library])
        assert.deepEqual((await client.done(form.getLibrary(library))).storage_backings, [KNOWN]);
    });

    test("that is not named to the server is not found, in a sentence with its id and the setting", async () => {
      const published = await publishedLibrary({ client, form });
      for (const asking of [
        local(UNKNOWN),
        subscribed(UNKNOWN),
        spell.subscribe(published, followerOn(UNKNOWN)),
      ]) {
        const text = await client.refused(asking, "not_found");
        assert.match(text, /datastore-16.*CONTENTLIB_DATASTORES/);
      }
      assert.deepEqual(await client.done(spell.listSubscriptions(published)), []);
    });

    test("may be any where the server was told of none", async () => {
      const other = await open.client(form);
      for (const backing of [KNOWN, UNKNOWN]) {
        const library = await other.done(local(backing));
        assert.deepEqual((await other.done(form.getLibrary(library))).storage_backings, [backing]);
      }
    });
  });
}
