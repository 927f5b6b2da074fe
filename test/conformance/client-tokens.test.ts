import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import type { Client } from "./client.ts";
import { makeItem, makeLibrary } from "./content.ts";
import { type Asking, FORMS, httpTest } from "./forms.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

const server = await serverUnderTest();

for (const form of FORMS) {
  const spelt = httpTest(form);
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  describe(`client tokens, ${form.name}`, () => {
    test("the same one twice gives one library and the same id [C34]", async () => {
      const token = randomUUID();
      const name = freshName("once");
      const create = form.createLibrary({ name }, token);
      const id = await client.done(create);
      assert.equal(await client.done(create), id);
      assert.equal(await client.done(form.createLibrary({ name: "another" }, token)), id);
      assert.deepEqual(await client.done(form.findLibraries({ name })), [id]);
    });

    spelt("in the body, the query and the header it is the same token [C34]", async () => {
      const token = randomUUID();
      const plain = form.createLibrary({ name: freshName("once") });
      const id = await client.done(form.createLibrary({ name: "x" }, token));
      const inQuery = { ...plain, path: `${plain.path}?client_token=${token}` };
      const inBody = { ...plain, body: { ...(plain.body as object), client_token: token } };
      assert.equal((await client.ask(inQuery)).value, id);
      assert.equal((await client.ask(inBody)).value, id);
      assert.equal((await client.ask(plain, { client_token: token })).value, id);
    });

    test("one used for a library, an item and a copy makes one of each [C35]", async () => {
      const token = randomUUID();
      const library = await client.done(form.createLibrary({ name: freshName("tokened") }, token));
      const name = freshName("tokened");
      const item = await client.done(form.createItem({ library_id: library, name }, token));
      const spec = { library_id: library, name: freshName("copy") };
      const copy = await client.done(form.copyItem(item, spec, token));
      assert.equal(new Set([library, item, copy]).size, 3);
      assert.deepEqual(await client.done(form.listItems(library)), [item, copy]);
      assert.equal(await client.done(form.copyItem(item, spec, token)), copy);
      assert.deepEqual(await client.done(form.listItems(library)), [item, copy]);
    });

    test("one that is no UUID is invalid, and makes nothing [C36]", async () => {
      const name = freshName("untold");
      const item = await makeItem(client);
      const library_id = await makeLibrary(client);
      for (const token of ["no token", "1234", `${randomUUID()}0`]) {
        const askings: readonly Asking<string>[] = [
          form.createLibrary({ name }, token),
          form.createItem({ library_id, name }, token),
          form.copyItem(item, { library_id, name }, token),
          form.createSession({ library_item_id: item }, token),
          form.createDownload({ library_item_id: item }, token),
        ];
        for (const asking of askings) await client.refused(asking, "invalid_argument");
      }
      assert.deepEqual(await client.done(form.findLibraries({ name })), []);
      assert.deepEqual(await client.done(form.listItems(library_id)), []);
      assert.deepEqual(await client.done(form.listSessions(item)), []);
    });
  });
}
