import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import type { Client } from "./client.ts";
import { addPush, downloadUrl, makeItem, makeLibrary, openSession, push, send } from "./content.ts";
import { FORMS } from "./forms.ts";
import { exchange } from "./http-exchange.ts";
import { serverUnderTest } from "./server-under-test.ts";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";

const server = await serverUnderTest();

/** What sessions were sent and have not completed. */
const stagedFiles = (): readonly string[] =>
  readdirSync(join(server.directory, "data", "store", "staging"), {
    recursive: true,
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

for (const form of FORMS) {
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  describe(`deleting items, ${form.name}`, () => {
    test("ends their sessions, frees what these were sent, and kills their addresses [C64]", async () => {
      const item = await makeItem(client, { "a.txt": "a" });
      const session = await openSession(client, item);
      const sent = await push(client, session, "b.txt", "sent and never completed");
      const waiting = await addPush(client, session, "c.txt");
      const readable = await downloadUrl(client, item, "a.txt");
      const [download] = await client.done(form.listDownloads(item));
      assert.equal(stagedFiles().length, 1);
      await client.done(form.deleteItem(item));
      assert.deepEqual(stagedFiles(), []);
      assert.equal((await client.done(form.getSession(session))).state, "CANCELED");
      assert.equal((await client.done(form.getDownload(download ?? ""))).state, "CANCELED");
      for (const uri of [sent, waiting])
        assert.ok([404, 409].includes((await send(uri, "late")).status), uri);
      assert.deepEqual(stagedFiles(), []);
      assert.ok([404, 409].includes((await exchange({ method: "GET", url: readable })).status));
      await client.refused(form.completeSession(session), "not_allowed_in_current_state");
    });

    test("takes them out of every list at once, and frees their names", async () => {
      const library_id = await makeLibrary(client);
      const item = await client.done(form.createItem({ library_id, name: "again" }));
      await client.done(form.deleteItem(item));
      assert.deepEqual(await client.done(form.listItems(library_id)), []);
      assert.deepEqual(await client.done(form.findItems({ library_id })), []);
      for (const asking of [
        form.getItem(item),
        form.deleteItem(item),
        form.updateItem(item, { name: "x" }),
        form.listItemFiles(item),
        form.listStorage(item),
        form.listSessions(item),
        form.listDownloads(item),
        form.createSession({ library_item_id: item }),
        form.createDownload({ library_item_id: item }),
        form.deleteItem(UNKNOWN),
      ])
        await client.refused(asking, "not_found");
      const next = await client.done(form.createItem({ library_id, name: "again" }));
      assert.deepEqual(await client.done(form.listItems(library_id)), [next]);
    });
  });
}
