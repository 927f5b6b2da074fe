import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Client } from "./client.ts";
import { makeItem, makeLibrary, openSession } from "./content.ts";
import { FORMS, HTTP_FORMS, httpTest } from "./forms.ts";
import { newSubscribed } from "./operation-case.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";
import { SUBSCRIBING } from "./subscribing-forms.ts";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const server = await serverUnderTest();

for (const form of FORMS) {
  const spell = SUBSCRIBING[form.name];
  const spelt = httpTest(form);
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  describe(`local libraries, ${form.name}`, () => {
    test("create answers the id, and get shows what the library is [C33]", async () => {
      const name = freshName("shown");
      const create = form.createLibrary({ name, description: "what for", type: "LOCAL" });
      assert.equal(create.status, { rest: 200, api: 201, rpc: 200 }[form.name]);
      const id = await client.done(create);
      assert.match(id, UUID);
      const { publish_info, ...library } = await client.done(form.getLibrary(id));
      const { creation_time, last_modified_time, server_guid, ...others } = library;
      assert.deepEqual(others, {
        id,
        name,
        description: "what for",
        type: "LOCAL",
        version: "1",
        storage_backings: [{ type: "OTHER" }],
      });
      assert.equal(creation_time, last_modified_time);
      assert.match(server_guid, UUID);
      assert.equal(publish_info?.published, false);
      assert.deepEqual(await client.done(spell.getLocal(id)), { ...library, publish_info });
    });

    test("two may share a name, and find gives both; it does not look at case, and needs a criterion [C38, C39]", async () => {
      const name = freshName("Twins");
      const [one, two] = [await makeLibrary(client, name), await makeLibrary(client, name)];
      for (const spelling of [name, name.toLowerCase(), name.toUpperCase()])
        assert.deepEqual(await client.done(form.findLibraries({ name: spelling })), [one, two]);
      assert.deepEqual(await client.done(form.findLibraries({ name: name.slice(0, -1) })), []);
      const both = form.findLibraries({ name, type: "LOCAL" });
      assert.deepEqual(await client.done(both), [one, two]);
      assert.deepEqual(await client.done(form.findLibraries({ name, type: "SUBSCRIBED" })), []);
      await client.refused(form.findLibraries({}), "invalid_argument");
      await client.refused(form.findLibraries({ name: null, type: null }), "invalid_argument");
      await client.refused(form.findLibraries({ type: "REMOTE" }), "invalid_argument");
    });

    test("the list of local libraries shows local ones alone, that of libraries shows all [C40]", async () => {
      const local = await makeLibrary(client);
      const subscribed = await client.done(newSubscribed({ spell }));
      const has = (ids: readonly string[]) => [ids.includes(local), ids.includes(subscribed)];
      assert.deepEqual(has(await client.done(form.listLocal())), [true, false]);
      assert.deepEqual(has(await client.done(spell.listSubscribed())), [false, true]);
      const all = await client.done(form.listLibraries());
      assert.deepEqual(has(all), [true, true]);
      assert.ok(all.indexOf(local) < all.indexOf(subscribed), "oldest first");
    });

    test("an update changes what it gives; null and what is absent leave the rest alone [C42]", async () => {
      const id = await client.done(
        form.createLibrary({ name: freshName("kept"), description: "kept too" }),
      );
      const before = await client.done(form.getLibrary(id));
      await client.done(form.updateLocalLibrary(id, {}));
      await client.done(form.updateLocalLibrary(id, { name: null, description: null }));
      assert.deepEqual(await client.done(form.getLibrary(id)), before);
      await client.done(form.updateLocalLibrary(id, { description: "" }));
      const emptied = await client.done(form.getLibrary(id));
      assert.deepEqual([emptied.name, emptied.description], [before.name, ""]);
      assert.equal(emptied.version, "2");
      const name = freshName("renamed");
      await client.done(form.updateLibrary(id, { name, version: "2" }));
      const renamed = await client.done(form.getLibrary(id));
      assert.deepEqual([renamed.name, renamed.description, renamed.version], [name, "", "3"]);
    });

    test("a stale version is told of as each service does, and changes nothing [C43]", async () => {
      const id = await makeLibrary(client);
      await client.done(form.updateLocalLibrary(id, { description: "newer" }));
      const before = await client.done(form.getLibrary(id));
      const stale = { version: "1", description: "older" };
      await client.refused(form.updateLocalLibrary(id, stale), "concurrent_change");
      await client.refused(form.updateLibrary(id, stale), "invalid_argument");
      assert.deepEqual(await client.done(form.getLibrary(id)), before);
    });

    test("the items of a deleted library are out of every list at once, and so are their sessions [C45]", async () => {
      const library = await makeLibrary(client);
      const item = await makeItem(client, { "a.txt": "a" }, library);
      const { name } = await client.done(form.getItem(item));
      const session = await openSession(client, item);
      await client.done(form.deleteLibrary(library));
      assert.deepEqual(await client.done(form.findItems({ name })), []);
      assert.deepEqual(await client.done(form.findItems({ library_id: library })), []);
      assert.ok(!(await client.done(form.listLibraries())).includes(library));
      assert.ok(!(await client.done(form.listLocal())).includes(library));
      assert.ok(!(await client.done(form.listSessions())).includes(session));
      assert.equal((await client.done(form.getSession(session))).state, "CANCELED");
      for (const gone of [
        form.getLibrary(library),
        form.listItems(library),
        form.getItem(item),
        form.listItemFiles(item),
        form.listSessions(item),
        form.deleteLibrary(library),
      ])
        await client.refused(gone, "not_found");
    });

    spelt("force-delete deletes, by either verb [C46]", async () => {
      const action = form.name === "rest" ? "~action=force-delete" : "action=force-delete";
      for (const method of ["DELETE", "POST"]) {
        const id = await makeLibrary(client);
        const { path, status } = form.deleteLibrary(id);
        await client.done({ method, path: `${path}?${action}`, status });
        await client.refused(form.getLibrary(id), "not_found");
      }
    });

    const { younger } = form;
    if (younger === null) return;
    test("a library of any kind is deleted by the service of all kinds [C46]", async () => {
      const local = await makeLibrary(client);
      await makeItem(client, { "a.txt": "a" }, local);
      for (const id of [local, await client.done(newSubscribed({ spell }))]) {
        await client.done(younger.deleteAnyLibrary(id));
        await client.refused(form.getLibrary(id), "not_found");
        await client.refused(younger.deleteAnyLibrary(id), "not_found");
      }
    });
  });
}

test("what one form makes the others show, in lists too", async () => {
  for (const form of HTTP_FORMS) {
    const id = await makeLibrary(await server.client(form));
    for (const other of FORMS) {
      const client = await server.client(other);
      assert.equal((await client.done(other.getLibrary(id))).id, id);
      assert.ok((await client.done(other.listLocal())).includes(id));
      await client.refused(other.getLibrary(UNKNOWN), "not_found");
    }
  }
});
