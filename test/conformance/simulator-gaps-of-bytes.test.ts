// Where the widely used simulator of this API departs from its documents in handling bytes, each answered as the documents
// have it.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Client } from "./client.ts";
import {
  addPush,
  contentVersion,
  downloadUrl,
  fileNames,
  hexDigest,
  makeItem,
  openSession,
  preparedUrl,
  push,
  read,
  send,
} from "./content.ts";
import { FORMS } from "./forms.ts";
import { exchange } from "./http-exchange.ts";
import { serverUnderTest } from "./server-under-test.ts";

const server = await serverUnderTest();

for (const form of FORMS) {
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });
  const session = (item?: string) => openSession(client, item);
  const file = (id: string, name = "a") => client.done(form.getFile(id, name));

  describe(`bytes where the simulator departs, ${form.name}`, () => {
    test("the URL holds a secret and needs no login", async () => {
      const id = await session();
      const uri = await addPush(client, id, "a");
      assert.ok(!uri.includes(id));
      assert.equal((await send(uri, "x")).status, 200);
    });

    test("a PUT is staged, not written into the item, and none is taken once the session has ended", async () => {
      const item = await makeItem(client);
      const id = await session(item);
      const uri = await push(client, id, "a", "a");
      assert.deepEqual(await fileNames(client, item), []);
      await client.done(form.cancelSession(id));
      assert.equal((await send(uri, "x")).status, 409);
      assert.deepEqual(await fileNames(client, item), []);
    });

    test("the added entry decides the file's name, not the URL", async () => {
      const item = await makeItem(client);
      const id = await session(item);
      const uri = await addPush(client, id, "entry");
      assert.equal((await send(uri.replace(/[^/]*$/, "url"), "x")).status, 200);
      await client.done(form.completeSession(id));
      assert.deepEqual(await fileNames(client, item), ["entry"]);
    });

    test("a PUT to an unknown secret is 404 with a JSON error", async () => {
      const answer = await send(`${server.url}/cls/data/${"A".repeat(64)}/a`, "x");
      assert.deepEqual([answer.status, answer.headers["content-type"]], [404, "application/json"]);
      assert.equal((JSON.parse(answer.text) as { error_type: string }).error_type, "NOT_FOUND");
    });

    test("POST is the same as PUT", async () => {
      const id = await session();
      assert.equal((await send(await addPush(client, id, "a"), "abc", {}, "POST")).status, 200);
      assert.equal((await file(id)).size, 3);
    });

    test("length, size and checksum are handled; a range is refused; a second PUT replaces", async () => {
      const item = await makeItem(client);
      const id = await session(item);
      const uri = await addPush(client, id, "a", {
        checksum_info: { checksum: hexDigest("sha1", "right") },
      });
      assert.equal((await send(uri, "wrong")).status, 400);
      assert.equal((await send(uri, "ight", { "Content-Range": "bytes 1-4/5" })).status, 400);
      assert.equal((await send(uri, "right")).status, 200);
      assert.equal((await send(uri, "right")).status, 200);
      await client.done(form.completeSession(id));
      assert.deepEqual(
        (await client.done(form.listItemFiles(item))).map((each) => each.size),
        [5],
      );
    });

    test("a download URL gives its own prepared file only", async () => {
      const item = await makeItem(client, { a: "of a", b: "of b" });
      const url = await downloadUrl(client, item, "a");
      assert.equal(await read(url.replace(/a$/, "b")), "of a", "the name in the URL is decoration");
      const id = await client.done(form.createDownload({ library_item_id: item }));
      await preparedUrl(client, id, "a");
      assert.equal((await client.done(form.getDownloadFile(id, "b"))).download_endpoint, undefined);
    });

    test("a missing file is 404; a present one has its length, its type, and ranges", async () => {
      const item = await makeItem(client, { a: "0123456789" });
      const url = await downloadUrl(client, item, "a");
      const whole = await exchange({ method: "GET", url });
      assert.deepEqual(
        [whole.headers["content-length"], whole.headers["content-type"]],
        ["10", "application/octet-stream"],
      );
      assert.equal(
        (await exchange({ method: "GET", url, headers: { Range: "bytes=2-3" } })).text,
        "23",
      );
      await client.done(form.deleteItem(item));
      assert.ok([404, 409].includes((await exchange({ method: "GET", url })).status));
      assert.equal(
        (await exchange({ method: "GET", url: `${server.url}/cls/data/nothing/a` })).status,
        404,
      );
    });

    test("content_version, size and last_modified_time follow the content", async () => {
      const item = await makeItem(client, { a: "abc" });
      const shown = await client.done(form.getItem(item));
      assert.deepEqual(
        [shown.content_version, shown.size, await contentVersion(client, item)],
        ["2", 3, 2],
      );
    });
  });
}
