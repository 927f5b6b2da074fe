import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import type { Client } from "./client.ts";
import {
  fileNames,
  makeItem,
  makeLibrary,
  openSession,
  readFile,
  replaceFiles,
} from "./content.ts";
import { FORMS } from "./forms.ts";
import { newSubscribed } from "./operation-case.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";
import { SUBSCRIBING } from "./subscribing-forms.ts";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";

const server = await serverUnderTest();

/** The files that the server keeps content in. */
const storedFiles = (): readonly string[] =>
  readdirSync(join(server.directory, "data", "store"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

for (const form of FORMS) {
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  describe(`copy, ${form.name}`, () => {
    test("has the name and the library asked for and equal bytes, of which none is moved [C62]", async () => {
      const source = await makeItem(client, { "a.txt": "first", "b.txt": "second" });
      const stored = storedFiles();
      const [library_id, name] = [await makeLibrary(client), freshName("copy")];
      const asking = form.copyItem(source, { library_id, name });
      assert.equal(asking.status, 200);
      const copy = await client.done(asking);
      assert.notEqual(copy, source);
      assert.deepEqual(storedFiles(), stored);
      const shown = await client.done(form.getItem(copy));
      assert.deepEqual([shown.library_id, shown.name], [library_id, name]);
      const { size, cached, content_version, metadata_version, version } = shown;
      assert.deepEqual([size, cached], [11, true]);
      assert.deepEqual([content_version, metadata_version, version], ["2", "1", "1"]);
      const sums = async (id: string) =>
        (await client.done(form.listItemFiles(id))).map((file) => [file.name, file.checksum_info]);
      assert.deepEqual(await sums(copy), await sums(source));
      assert.equal(await readFile(client, copy, "a.txt"), "first");
      assert.equal(await readFile(client, copy, "b.txt"), "second");
    });

    test("and source live apart: neither change nor deletion of one is seen in the other", async () => {
      const source = await makeItem(client, { "a.txt": "first" });
      const { library_id } = await client.done(form.getItem(source));
      const copy = await client.done(form.copyItem(source, { library_id, name: freshName("c") }));
      const other = await client.done(form.copyItem(copy, { library_id, name: freshName("c") }));
      await replaceFiles(client, source, { "a.txt": "changed" });
      await replaceFiles(client, copy, { "b.txt": "more" });
      assert.equal(await readFile(client, copy, "a.txt"), "first");
      assert.deepEqual(await fileNames(client, source), ["a.txt"]);
      await client.done(form.deleteItem(source));
      await client.done(form.deleteItem(copy));
      assert.equal(await readFile(client, other, "a.txt"), "first");
    });

    test("of an item without files has none; type and description are those of the source unless given", async () => {
      const library_id = await makeLibrary(client);
      const spec = { library_id, name: freshName("x"), type: "iso", description: "of the source" };
      const source = await client.done(form.createItem(spec));
      const plain = await client.done(form.copyItem(source, { library_id, name: freshName("x") }));
      const shown = await client.done(form.getItem(plain));
      assert.deepEqual(
        [shown.type, shown.description, shown.content_version, shown.size],
        ["iso", "of the source", "1", 0],
      );
      const wish = { library_id, name: freshName("x"), type: "other", description: "its own" };
      const own = await client.done(form.getItem(await client.done(form.copyItem(source, wish))));
      assert.deepEqual([own.type, own.description], ["other", "its own"]);
    });

    test("shows what the source has, not what a session of it is about to give it", async () => {
      const source = await makeItem(client, { "a.txt": "now" });
      const { library_id } = await client.done(form.getItem(source));
      const session = await openSession(client, source);
      await client.done(form.removeFile(session, "a.txt"));
      const copy = await client.done(form.copyItem(source, { library_id, name: freshName("c") }));
      await client.done(form.completeSession(session));
      assert.deepEqual(await fileNames(client, copy), ["a.txt"]);
      assert.deepEqual(await fileNames(client, source), []);
    });

    test("that fails leaves no item and takes no name [C63]", async () => {
      const source = await makeItem(client, { "a.txt": "a" });
      const library_id = await makeLibrary(client);
      const taken = await client.done(form.createItem({ library_id, name: "Taken" }));
      const spell = SUBSCRIBING[form.name];
      const follower = await client.done(newSubscribed({ spell }));
      const name = freshName("failed");
      for (const [asking, faultClass] of [
        [form.copyItem(source, { library_id, name: "tAKEN" }), "already_exists"],
        [form.copyItem(UNKNOWN, { library_id, name }), "not_found"],
        [form.copyItem(source, { library_id: UNKNOWN, name }), "not_found"],
        [form.copyItem(source, { library_id: follower, name }), "invalid_element_type"],
        [form.copyItem(source, { library_id, name: "" }), "invalid_argument"],
        [form.copyItem(source, { library_id, name: "x".repeat(81) }), "invalid_argument"],
        [form.copyItem(source, { name }), "invalid_argument"],
        [form.copyItem(source, { library_id }), "invalid_argument"],
      ] as const)
        await client.refused(asking, faultClass);
      assert.deepEqual(await client.done(form.listItems(library_id)), [taken]);
      assert.deepEqual(await client.done(form.findItems({ name })), []);
      await client.done(form.copyItem(source, { library_id, name }));
    });

    test("of many at once to one name exactly one is made [C63]", async () => {
      const source = await makeItem(client, { "a.txt": "a" });
      const library_id = await makeLibrary(client);
      const asking = form.copyItem(source, { library_id, name: freshName("raced") });
      const replies = await Promise.all(Array.from({ length: 8 }, () => client.ask(asking)));
      const made = replies.filter(({ faultClass }) => faultClass === null);
      assert.equal(made.length, 1);
      for (const reply of replies)
        if (reply.faultClass !== null) assert.equal(reply.faultClass, "already_exists");
      assert.deepEqual(await client.done(form.listItems(library_id)), [made[0]?.value]);
    });
  });
}
