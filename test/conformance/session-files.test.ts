import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Client } from "./client.ts";
import {
  addPush,
  downloadUrl,
  fileNames,
  hexDigest,
  makeItem,
  openSession,
  push,
  read,
  readFile,
  send,
} from "./content.ts";
import { FORMS } from "./forms.ts";
import { serverUnderTest } from "./server-under-test.ts";

const server = await serverUnderTest();

for (const form of FORMS) {
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  describe(`the file list of a session, ${form.name}`, () => {
    test("a fresh session lists the item's files: NONE, READY, as stored, without endpoints [C96]", async () => {
      // S14
      const session = await openSession(client, await makeItem(client, { "a.txt": "abc" }));
      assert.deepEqual(await client.done(form.listFiles(session)), [
        {
          name: "a.txt",
          source_type: "NONE",
          size: 3,
          bytes_transferred: 3,
          status: "READY",
          checksum_info: { algorithm: "SHA256", checksum: hexDigest("sha256", "abc") },
        },
      ]);
    });

    test("add answers an absolute upload endpoint, and get shows the same one [C95]", async () => {
      // S52
      const session = await openSession(client);
      const uri = await addPush(client, session, "a.txt");
      assert.ok(uri.startsWith(`${server.url}/`), uri);
      assert.match(new URL(uri).port, /^\d+$/);
      const shown = await client.done(form.getFile(session, "a.txt"));
      assert.equal(shown.upload_endpoint?.uri, uri);
      assert.deepEqual(
        [shown.status, shown.bytes_transferred, shown.size],
        ["WAITING_FOR_TRANSFER", 0, undefined],
      );
      assert.equal((await send(uri, "it can be reached")).status, 200);
    });

    test("add of a listed name replaces it at complete; the others stay [C97]", async () => {
      // S56
      const item = await makeItem(client, { "a.txt": "a", "b.txt": "b" });
      const session = await openSession(client, item);
      await push(client, session, "a.txt", "A");
      const files = await client.done(form.listFiles(session));
      assert.deepEqual(
        files.map(({ name, source_type }) => [name, source_type]),
        [
          ["a.txt", "PUSH"],
          ["b.txt", "NONE"],
        ],
      );
      await client.done(form.completeSession(session));
      assert.deepEqual(
        [await readFile(client, item, "a.txt"), await readFile(client, item, "b.txt")],
        ["A", "b"],
      );
    });

    test("adding again kills the former URL and gives its bytes up", async () => {
      // S56, S62
      const session = await openSession(client);
      const former = await push(client, session, "a.txt", "former");
      const uri = await addPush(client, session, "a.txt");
      assert.notEqual(uri, former);
      assert.equal((await send(former, "x")).status, 404);
      const files = await client.done(form.listFiles(session));
      assert.deepEqual(
        files.map(({ status, bytes_transferred }) => [status, bytes_transferred]),
        [["WAITING_FOR_TRANSFER", 0]],
      );
    });

    test("remove hides the file in the session at once, in the item only after complete [C98]", async () => {
      // S59
      const item = await makeItem(client, { "a.txt": "a", "b.txt": "b" });
      const session = await openSession(client, item);
      await client.done(form.removeFile(session, "a.txt"));
      assert.deepEqual(
        (await client.done(form.listFiles(session))).map((file) => file.name),
        ["b.txt"],
      );
      assert.deepEqual(await fileNames(client, item), ["a.txt", "b.txt"]);
      await client.done(form.completeSession(session));
      assert.deepEqual(await fileNames(client, item), ["b.txt"]);
    });

    test("remove of an added file kills its URL", async () => {
      // S59, S62
      const session = await openSession(client);
      const uri = await push(client, session, "a.txt", "a");
      await client.done(form.removeFile(session, "a.txt"));
      assert.equal((await send(uri, "x")).status, 404);
      await client.refused(form.removeFile(session, "a.txt"), "invalid_argument");
    });

    test("NONE takes back what the session did to a name, and is invalid for a name nobody has", async () => {
      // S57
      const item = await makeItem(client, { "a.txt": "a" });
      const session = await openSession(client, item);
      const fresh = await client.done(form.listFiles(session));
      await push(client, session, "a.txt", "changed");
      await push(client, session, "b.txt", "b");
      await client.done(form.addFile(session, { name: "a.txt", source_type: "NONE" }));
      await client.done(form.addFile(session, { name: "b.txt", source_type: "NONE" }));
      assert.deepEqual(await client.done(form.listFiles(session)), fresh);
      await client.refused(
        form.addFile(session, { name: "c.txt", source_type: "NONE" }),
        "invalid_argument",
      );
    });

    test("get or remove of an unknown name is invalid, naming it [C99]", async () => {
      // S60
      const session = await openSession(client);
      for (const asking of [
        form.getFile(session, "other.iso"),
        form.removeFile(session, "other.iso"),
      ]) {
        const text = await client.refused(asking, "invalid_argument");
        assert.ok(text.includes(session) && text.includes("other.iso"), text);
      }
    });

    test("PULL without a source, or with one that can not be used, is invalid and changes nothing", async () => {
      // S58
      const session = await openSession(client);
      const pull = { name: "a.iso", source_type: "PULL" };
      await client.refused(form.addFile(session, pull), "invalid_argument");
      await client.refused(
        form.addFile(session, { ...pull, source_endpoint: { uri: "gopher://x/" } }),
        "invalid_argument",
      );
      assert.deepEqual(await client.done(form.listFiles(session)), []);
    });

    test("validate: all three members, nothing changed, refused while a file is missing [C111]", async () => {
      // S69
      const session = await openSession(client);
      const uri = await addPush(client, session, "a.txt");
      const early = await client.refused(form.validate(session), "not_allowed_in_current_state");
      assert.match(early, /a\.txt/);
      await send(uri, "a");
      const before = await client.done(form.listFiles(session));
      const result = await client.done(form.validate(session));
      assert.deepEqual(result, { has_errors: false, missing_files: [], invalid_files: [] });
      assert.deepEqual(await client.done(form.listFiles(session)), before);
    });

    test("names with spaces, %, #, ?, + or letters beyond ASCII survive add, PUT, list, get and download [C102]", async () => {
      // S53
      const names = [
        "a b.iso",
        "100%.iso",
        "a%20b.iso",
        "#1.iso",
        "what?.iso",
        "a+b.iso",
        "größe-日本.iso",
        "a;b=c&d.iso",
        "id:x.iso",
        "'\".iso",
      ];
      const item = await makeItem(client);
      const session = await openSession(client, item);
      for (const name of names) await push(client, session, name, `content of ${name}`);
      for (const name of names)
        assert.equal((await client.done(form.getFile(session, name))).name, name);
      await client.done(form.completeSession(session));
      assert.deepEqual(await fileNames(client, item), names);
      for (const name of names) {
        assert.equal(await read(await downloadUrl(client, item, name)), `content of ${name}`);
        assert.equal((await client.done(form.getItemFile(item, name))).name, name);
        const [storage] = await client.done(form.getStorage(item, name));
        assert.ok(storage && URL.canParse(storage.storage_uris[0] ?? ""), name);
      }
    });

    test("names are compared exactly", async () => {
      // S53
      const session = await openSession(client);
      await addPush(client, session, "a.txt");
      await addPush(client, session, "A.txt");
      assert.equal((await client.done(form.listFiles(session))).length, 2);
    });
  });
}
