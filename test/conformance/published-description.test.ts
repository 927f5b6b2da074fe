// Every reply that the conformance tests see is held against the published machine-readable description (`ask` does that). Here
// each operation is seen once, so that none escapes.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Client } from "./client.ts";
import { makeItem, makeLibrary, openSession, push, read } from "./content.ts";
import { type Asking, type Form, FORMS } from "./forms.ts";
import { checkedSoFar, checkPublished, descriptionIsAbsent } from "./published-description.ts";
import { serverUnderTest } from "./server-under-test.ts";

const skip = descriptionIsAbsent ?? false;

/** Asks every operation of the form once, in an order in which each succeeds. */
async function wholeRound(client: Client, form: Form): Promise<void> {
  const all = async (...askings: readonly Asking<unknown>[]): Promise<void> => {
    for (const asking of askings) await client.done(asking);
  };
  const library = await makeLibrary(client);
  await all(
    form.getLogin(),
    form.listLibraries(),
    form.getLibrary(library),
    form.updateLocalLibrary(library, { description: "d" }),
    form.findLibraries({ name: "x" }),
  );
  const item = await makeItem(client, { "a.txt": "a" }, library);
  await all(
    form.listItems(library),
    form.findItems({ library_id: library }),
    form.getItem(item),
    form.updateItem(item, { description: "d" }),
    form.listItemFiles(item),
    form.getItemFile(item, "a.txt"),
    form.listStorage(item),
    form.getStorage(item, "a.txt"),
  );
  await wholeUpdate(client, form, item);
  await wholeDownload(client, form, item);
  await all(form.deleteItem(item), form.deleteLibrary(library), form.logout());
}

async function wholeUpdate(client: Client, form: Form, item: string): Promise<void> {
  const session = await openSession(client, item);
  await client.done(
    form.updateSession(session, {
      warning_behavior: [{ type: "EXPIRED_CERTIFICATE", ignored: true }],
    }),
  );
  await client.done(form.keepAlive(session, { client_progress: 1 }));
  await push(client, session, "b.txt", "b");
  await client.done(form.listSessions(item));
  await client.done(form.getSession(session));
  await client.done(form.listFiles(session));
  await client.done(form.getFile(session, "b.txt"));
  await client.done(form.removeFile(session, "a.txt"));
  await client.done(form.validate(session));
  await client.done(form.completeSession(session));
  await client.done(form.deleteSession(session));
  await client.done(form.cancelSession(await openSession(client, item)));
  const failed = await openSession(client, item);
  await client.done(form.failSession(failed, "x"));
  await client.done(form.getSession(failed));
}

async function wholeDownload(client: Client, form: Form, item: string): Promise<void> {
  const session = await client.done(form.createDownload({ library_item_id: item }));
  const { download_endpoint } = await client.done(form.prepare(session, "b.txt"));
  await read(download_endpoint?.uri ?? "");
  await client.done(form.listDownloads(item));
  await client.done(form.getDownload(session));
  await client.done(form.listDownloadFiles(session));
  await client.done(form.getDownloadFile(session, "b.txt"));
  await client.done(form.keepDownloadAlive(session, { progress: 1 }));
  await client.done(form.cancelDownload(session));
  await client.done(form.deleteDownload(session));
  await client.done(
    form.failDownload(await client.done(form.createDownload({ library_item_id: item })), "x"),
  );
}

describe("the published description", { skip }, async () => {
  const server = await serverUnderTest();

  for (const form of FORMS) {
    test(`holds every success of ${form.name}`, async () => {
      checkedSoFar.clear();
      await wholeRound(await server.client(form), form);
      const operations = Object.keys(form).length - 1;
      assert.equal(checkedSoFar.size, operations, [...checkedSoFar].join("\n"));
    });
  }

  test("is really read: a reply that departs from it is told of", () => {
    const reply = (status: number, body: unknown) => {
      const text = JSON.stringify(body);
      return { status, text, bytes: Buffer.from(text) };
    };
    const path = "/api/content/library/item/update-session/x";
    const complaints = [
      checkPublished("GET", path, reply(200, { state: "EXPIRED" })),
      checkPublished("GET", path, reply(200, { color: "red" })),
      checkPublished("GET", path, reply(200, { client_progress: "5" })),
      checkPublished("GET", path, reply(201, {})),
      checkPublished("DELETE", path, reply(204, {})),
      checkPublished("GET", path, reply(404, { error_type: "NOT_FOUND", messages: [{ id: "x" }] })),
    ];
    for (const [index, each] of complaints.entries())
      assert.ok(each.length > 0, `reply ${index} passes`);
    assert.deepEqual(
      checkPublished("GET", path, reply(200, { state: "DONE", client_progress: 5 })),
      [],
    );
  });
});
