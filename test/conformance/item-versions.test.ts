import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { encodeExtValue } from "@contentlib/contract/bindings";
import type { ItemVersionInfo } from "@contentlib/contract";
import type { Client } from "./client.ts";
import {
  contentVersion,
  fileNames,
  makeItem,
  openSession,
  preparedUrl,
  push,
  read,
  readFile,
  replaceFiles,
} from "./content.ts";
import { api, FORMS } from "./forms.ts";
import { get, made, none, ok } from "./http-asking.ts";
import { serverUnderTest } from "./server-under-test.ts";

const A = "/api/contentlib/items";
const TOKEN = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

const server = await serverUnderTest();

const showVersion = async (client: Client, item: string, version: string) =>
  (await client.done(get(`${A}/${item}/versions/${version}`))) as ItemVersionInfo;

const rollBack = (item: string, body?: object, query = "") =>
  ok("POST", `${A}/${item}?action=rollback${query}`, body);

for (const form of FORMS) {
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  describe(`what is said of a change, ${form.name}`, () => {
    test("goes with complete in a header, and stands in the changes", async () => {
      // S88
      const item = await makeItem(client);
      const session = await openSession(client, item);
      await push(client, session, "a.txt", "a");
      const message = "Boot order, 100 % fixed 💾\n\n- the loader\n\t- and its menu\n";
      const headers = { "contentlib-message": encodeExtValue(message) };
      const reply = await client.ask(form.completeSession(session), headers);
      assert.equal(reply.faultClass, null, reply.text);
      assert.equal((await client.done(form.getChange(item, "2"))).message, message);
      const [change] = await client.done(form.listChanges(item));
      assert.equal(change?.short_message, "Boot order, 100 % fixed 💾");
    });

    test("is refused where it is no such text, and the session stays ACTIVE", async () => {
      // S88
      const session = await openSession(client);
      await push(client, session, "a.txt", "a");
      for (const value of [
        "plain",
        "ISO-8859-1''%A3",
        "UTF-8''%FF",
        `${encodeExtValue("one")}, ${encodeExtValue("two")}`,
        encodeExtValue("two\r\nlines"),
        encodeExtValue("x".repeat(1_001)),
      ]) {
        const reply = await client.ask(form.completeSession(session), {
          "contentlib-message": value,
        });
        assert.equal(reply.faultClass, "invalid_argument", reply.text);
        assert.match(reply.messages[0]?.default_message ?? "", /contentlib-message/);
      }
      assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
      await client.done(form.completeSession(session));
    });
  });
}

describe("content versions that are kept", () => {
  let client: Client;
  let item: string;
  before(async () => {
    client = await server.client(api);
    item = await makeItem(client, { "a.txt": "first", "b.txt": "b" });
    await replaceFiles(client, item, { "a.txt": "second", "c.txt": "c" });
  });

  test("are shown with their files, and read by a download session like any other", async () => {
    const shown = await showVersion(client, item, "2");
    assert.equal(shown.current, false);
    assert.deepEqual(
      shown.files.map(({ name, version }) => [name, version]),
      [
        ["a.txt", "1"],
        ["b.txt", "1"],
      ],
    );
    assert.equal((await showVersion(client, item, "3")).current, true);
    const path = `${A}/${item}/versions/2?action=download`;
    const session = String(await client.done(made(path, undefined)));
    assert.equal((await client.done(api.getDownload(session))).library_item_content_version, "2");
    assert.equal(await read(await preparedUrl(client, session, "a.txt")), "first");
    assert.equal(await readFile(client, item, "a.txt"), "second");
  });

  test("that are not kept are not found, and those that are are named", async () => {
    for (const version of ["1", "9", "x"]) {
      for (const asking of [
        get(`${A}/${item}/versions/${version}`),
        made(`${A}/${item}/versions/${version}?action=download`, undefined),
        rollBack(item, { version }),
      ])
        assert.match(await client.refused(asking, "not_found"), /it keeps 3, 2\./);
    }
  });

  test("the create of a download session takes no wish for one: the member is named as ignored, as it always was", async () => {
    const spec = { library_item_id: item, library_item_content_version: "2" };
    const reply = await client.ask(api.createDownload(spec));
    assert.match(String(reply.headers["contentlib-ignored"]), /library_item_content_version/);
    const shown = await client.done(api.getDownload(String(reply.value)));
    assert.equal(shown.library_item_content_version, String(await contentVersion(client, item)));
  });

  test("can be made current again, once for a client_token", async () => {
    // S89
    const body = { version: "2", message: "c.txt was a mistake" };
    const made = await client.done(rollBack(item, body, `&client_token=${TOKEN}`));
    assert.equal(made, "4");
    assert.equal(await client.done(rollBack(item, {}, `&client_token=${TOKEN}`)), "4");
    assert.equal(await contentVersion(client, item), 4);
    assert.deepEqual(await fileNames(client, item), ["a.txt", "b.txt"]);
    assert.equal(await readFile(client, item, "a.txt"), "first");
    const { message } = await client.done(api.getChange(item, "4"));
    assert.equal(message, "Rollback to 2: c.txt was a mistake");
    await client.refused(rollBack(item, { version: "4" }), "not_allowed_in_current_state");
    assert.equal(await client.done(rollBack(item)), "5");
    assert.equal(await readFile(client, item, "c.txt"), "c");
  });

  test("are not made current while a session is ACTIVE on the item", async () => {
    // S90
    const session = await openSession(client, item);
    assert.ok((await client.refused(rollBack(item), "resource_busy")).includes(session));
    await client.done(api.cancelSession(session));
    await client.done(rollBack(item));
  });

  test("are as many as the library says", async () => {
    const { library_id } = await client.done(api.getItem(item));
    const path = `/api/contentlib/libraries/${library_id}/settings`;
    const plain = { revisions_in_effect: 5, reject_bad_iso: false };
    assert.deepEqual(await client.done(get(path)), plain);
    await client.done(none("PATCH", path, { revisions: 2 }));
    const own = { ...plain, revisions: 2, revisions_in_effect: 2 };
    assert.deepEqual(await client.done(get(path)), own);
    await replaceFiles(client, item, { "a.txt": "the newest" });
    assert.equal((await client.done(api.listChanges(item))).length, 2);
    await client.refused(none("PATCH", path, { revisions: 0 }), "invalid_argument");
    await client.done(none("PATCH", path, { unset_revisions: true }));
    assert.deepEqual(await client.done(get(path)), plain);
  });
});
