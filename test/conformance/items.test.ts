import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Client } from "./client.ts";
import { hexDigest, makeItem, makeLibrary, replaceFiles } from "./content.ts";
import { FORMS, httpTest, rpc } from "./forms.ts";
import { wrapInput } from "./rpc-values.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";

const server = await serverUnderTest();

for (const form of FORMS) {
  const spelt = httpTest(form);
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  describe(`items, ${form.name}`, () => {
    test("the type is empty, ovf, iso or any other word, and words are kept as they are [C52]", async () => {
      const library_id = await makeLibrary(client);
      for (const type of [undefined, null, "", "ovf", "iso", "OVF", "My own type"]) {
        const spec = { library_id, name: freshName("typed"), ...(type !== undefined && { type }) };
        const item = await client.done(form.createItem(spec));
        assert.equal((await client.done(form.getItem(item))).type, type ?? "");
      }
    });

    test('a new one has content version "1", size 0, is cached and has no files [C53, C54]', async () => {
      const library_id = await makeLibrary(client);
      const name = freshName("new");
      const spec = { library_id, name, description: "new", type: "iso" };
      const id = await client.done(form.createItem(spec));
      const { creation_time, last_modified_time, ...shown } = await client.done(form.getItem(id));
      assert.deepEqual(shown, {
        ...spec,
        id,
        content_version: "1",
        metadata_version: "1",
        version: "1",
        size: 0,
        cached: true,
        security_compliance: true,
      });
      assert.equal(creation_time, last_modified_time);
      assert.deepEqual(await client.done(form.listItemFiles(id)), []);
      assert.deepEqual(await client.done(form.listStorage(id)), []);
      assert.deepEqual(await client.done(form.listChanges(id)), []);
    });

    test("a list needs its library: without one it is invalid, of an unknown one not found [C55]", async () => {
      const asking = form.listItems(UNKNOWN);
      const without =
        form === rpc
          ? { ...asking, body: wrapInput("", {}) }
          : { ...asking, path: asking.path.split("?")[0] ?? "" };
      await client.refused(without, "invalid_argument");
      await client.refused(asking, "not_found");
    });

    spelt("a list whose parameter was doubled is the list of that library [C56]", async () => {
      const library = await makeLibrary(client);
      const item = await makeItem(client, {}, library);
      const asking = form.listItems(library);
      const path = asking.path.replace("?library_id", "?library_id?library_id");
      assert.deepEqual(await client.done({ ...asking, path }), [item]);
    });

    test("renaming to a taken name is already_exists, to its own in another case fine [C58]", async () => {
      const library_id = await makeLibrary(client);
      await client.done(form.createItem({ library_id, name: "Taken" }));
      const item = await client.done(form.createItem({ library_id, name: "mine" }));
      await client.refused(form.updateItem(item, { name: "tAKEN" }), "already_exists");
      assert.equal((await client.done(form.getItem(item))).name, "mine");
      await client.done(form.updateItem(item, { name: "mine" }));
      await client.done(form.updateItem(item, { name: "MINE" }));
      assert.equal((await client.done(form.getItem(item))).name, "MINE");
    });

    test("a wrong version is invalid and changes nothing, the right one is taken [C59]", async () => {
      const item = await makeItem(client);
      await client.done(form.updateItem(item, { description: "second" }));
      const before = await client.done(form.getItem(item));
      for (const version of ["1", "3", "x"]) {
        const wrong = form.updateItem(item, { version, description: "never" });
        await client.refused(wrong, "invalid_argument");
      }
      assert.deepEqual(await client.done(form.getItem(item)), before);
      await client.done(form.updateItem(item, { version: "2", description: "third" }));
      assert.equal((await client.done(form.getItem(item))).description, "third");
    });

    test("changes of properties move two versions, those of content the third, and no change none [C60]", async () => {
      const item = await makeItem(client);
      const versions = async () => {
        const shown = await client.done(form.getItem(item));
        return [shown.version, shown.metadata_version, shown.content_version];
      };
      await client.done(form.updateItem(item, { description: "d" }));
      assert.deepEqual(await versions(), ["2", "2", "1"]);
      await client.done(form.updateItem(item, { description: "d" }));
      await client.done(form.updateItem(item, { name: null }));
      assert.deepEqual(await versions(), ["2", "2", "1"]);
      await replaceFiles(client, item, { "a.txt": "a" });
      assert.deepEqual(await versions(), ["2", "2", "2"]);
    });

    test("the list of files tells name, size, cached, version and checksum [C65, C66]", async () => {
      const item = await makeItem(client, { "a.txt": "four", "empty.txt": "" });
      await replaceFiles(client, item, { "a.txt": "longer" });
      const files = await client.done(form.listItemFiles(item));
      const [replaced, empty] = files;
      assert.deepEqual(replaced, {
        name: "a.txt",
        size: 6,
        cached: true,
        version: "2",
        checksum_info: { algorithm: "SHA256", checksum: hexDigest("sha256", "longer") },
      });
      assert.deepEqual([empty?.name, empty?.size, empty?.version], ["empty.txt", 0, "1"]);
      assert.equal(files.length, 2);
      assert.deepEqual(await client.done(form.getItemFile(item, "a.txt")), replaced);
      assert.equal((await client.done(form.getItem(item))).size, 6);
      for (const name of ["A.TXT", "b.txt", ""])
        await client.refused(form.getItemFile(item, name), "not_found");
      await client.refused(form.getItemFile(UNKNOWN, "a.txt"), "not_found");
    });

    test("the storage of one file is a list of one with its address, that of an unknown one not found [C67]", async () => {
      const item = await makeItem(client, { "a b.txt": "four", "c.txt": "c" });
      const [one, ...others] = await client.done(form.getStorage(item, "a b.txt"));
      assert.ok(one);
      assert.equal(others.length, 0);
      assert.deepEqual(one.storage_backing, { type: "OTHER" });
      assert.ok(one.storage_uris.length >= 1);
      for (const uri of one.storage_uris) assert.match(uri, /^\w+:\/\/\/\S+\/a%20b\.txt$/);
      const { storage_backing: _, storage_uris: __, ...file } = one;
      assert.deepEqual(file, await client.done(form.getItemFile(item, "a b.txt")));
      const all = await client.done(form.listStorage(item));
      assert.deepEqual(all[0], one);
      assert.equal(all.length, 2);
      await client.refused(form.getStorage(item, "d.txt"), "not_found");
      await client.refused(form.getStorage(UNKNOWN, "c.txt"), "not_found");
    });
  });
}
