import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import { type Client, USER } from "./client.ts";
import { makeItem, openSession, push, readFile, replaceFiles } from "./content.ts";
import { FORMS, rest } from "./forms.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";
/** How many content versions a server keeps that was told nothing else. */
const KEPT = 5;
const WHO = `${USER}@vsphere.local`;

const clock = new ManualClock();
const server = await serverUnderTest({ clock });

for (const form of FORMS) {
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });
  const nowText = () => new Date(clock.now()).toISOString();

  describe(`the changes of an item, ${form.name}`, () => {
    test("tell who made each content version and when, newest first [C68]", async () => {
      const item = await makeItem(client);
      assert.deepEqual(await client.done(form.listChanges(item)), []);
      await replaceFiles(client, item, { "a.txt": "1" });
      const first = { version: "2", time: nowText(), user: WHO };
      await clock.advance(1000);
      await replaceFiles(client, item, { "a.txt": "2" });
      const second = { version: "3", time: nowText(), user: WHO };
      assert.deepEqual(await client.done(form.listChanges(item)), [second, first]);
      const { version, ...change } = first;
      assert.deepEqual(await client.done(form.getChange(item, version)), change);
    });

    test("are those of content alone: neither properties nor sessions without an end are any", async () => {
      const item = await makeItem(client, { "a.txt": "a" });
      const before = await client.done(form.listChanges(item));
      await client.done(form.updateItem(item, { description: "d" }));
      const unchanged = await openSession(client, item);
      await client.done(form.completeSession(unchanged));
      const canceled = await openSession(client, item);
      await push(client, canceled, "b.txt", "b");
      await client.done(form.cancelSession(canceled));
      assert.deepEqual(await client.done(form.listChanges(item)), before);
    });

    test("go back as far as versions are kept, and the latest is always told [C68]", async () => {
      const item = await makeItem(client);
      for (let version = 2; version <= KEPT + 3; version += 1)
        await replaceFiles(client, item, { "a.txt": `version ${version}` });
      const versions = (await client.done(form.listChanges(item))).map((change) => change.version);
      assert.deepEqual(versions, ["8", "7", "6", "5", "4"]);
      await client.done(form.getChange(item, "4"));
      await client.refused(form.getChange(item, "3"), "not_found");
      assert.equal(await readFile(client, item, "a.txt"), "version 8");
    });

    test("of a copy begin with the copy, and those of what is gone or unknown are not found", async () => {
      const item = await makeItem(client, { "a.txt": "a" });
      await replaceFiles(client, item, { "a.txt": "b" });
      const { library_id } = await client.done(form.getItem(item));
      await clock.advance(1000);
      const copy = await client.done(form.copyItem(item, { library_id, name: freshName("copy") }));
      const [change, ...others] = await client.done(form.listChanges(copy));
      assert.deepEqual(change, { version: "2", time: nowText(), user: WHO });
      assert.deepEqual(others, []);
      for (const version of ["1", "99", "x", "-1"])
        await client.refused(form.getChange(item, version), "not_found");
      await client.done(form.deleteItem(item));
      for (const id of [item, UNKNOWN]) {
        await client.refused(form.listChanges(id), "not_found");
        await client.refused(form.getChange(id, "2"), "not_found");
      }
      assert.equal((await client.done(form.listChanges(copy))).length, 1);
    });
  });
}

test("on /rest the changes are found below com/vmware too, with the prefix of ids", async () => {
  const client = await server.client(rest);
  const item = await makeItem(client, { "a.txt": "a" });
  const path = `/rest/com/vmware/content/library/item/id:${item}/changes`;
  const all = await client.done({ method: "GET", path, status: 200 });
  assert.deepEqual(all, await client.done(rest.listChanges(item)));
  const one = await client.done({ method: "GET", path: `${path}/2`, status: 200 });
  assert.deepEqual(one, await client.done(rest.getChange(item, "2")));
});
