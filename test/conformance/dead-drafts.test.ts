import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import type { Client } from "./client.ts";
import { addPush, makeLibrary, openSession, push, readFile, send } from "./content.ts";
import { FORMS } from "./forms.ts";
import { ACCESS, People } from "./people.ts";
import { serverUnderTest } from "./server-under-test.ts";

const TIMEOUT_MS = 300_000;

const clock = new ManualClock();
const server = await serverUnderTest({ clock });

for (const form of FORMS) {
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  /** What a stock importer does: it makes the item, opens a session, pushes, and completes; its user runs it again. */
  const importItem = async (library_id: string, name: string): Promise<string> => {
    const item = await client.done(form.createItem({ library_id, name, type: "iso" }));
    const session = await openSession(client, item);
    await push(client, session, "disk.iso", "the whole disk");
    await client.done(form.completeSession(session));
    return item;
  };

  /** An importer that dies on its way: nothing ends its session. */
  const dyingImport = async (library_id: string, name: string) => {
    const item = await client.done(form.createItem({ library_id, name, type: "iso" }));
    const session = await openSession(client, item);
    const uri = await addPush(client, session, "disk.iso");
    assert.equal((await send(uri, "half a disk")).status, 200);
    return { item, session, uri };
  };

  const idsOf = async (library_id: string): Promise<readonly string[]> =>
    await client.done(form.listItems(library_id));

  describe(`an import that is run again, ${form.name}`, () => {
    test("after the session of the one that died has expired, it just works", async () => {
      // S80
      const library = await makeLibrary(client);
      const died = await dyingImport(library, "Debian 13");
      await clock.advance(TIMEOUT_MS + 1);
      const item = await importItem(library, "debian 13");
      assert.notEqual(item, died.item);
      assert.deepEqual(await idsOf(library), [item]);
      assert.equal(await readFile(client, item, "disk.iso"), "the whole disk");
      await client.refused(form.getItem(died.item), "not_found");
      await client.refused(form.getSession(died.session), "not_found");
      assert.equal((await send(died.uri, "the rest")).status, 404);
    });

    test("after cancel or fail it just works, at once", async () => {
      // S80
      const library = await makeLibrary(client);
      for (const [name, end] of [
        ["canceled", form.cancelSession],
        ["failed", (id: string) => form.failSession(id, "no more")],
      ] as const) {
        const died = await dyingImport(library, name);
        await client.done(end(died.session));
        const item = await importItem(library, name);
        assert.notEqual(item, died.item);
        await client.refused(form.getItem(died.item), "not_found");
      }
    });

    test("while the session is ACTIVE the name is taken, and the text says by what and what to do", async () => {
      // S81
      const library = await makeLibrary(client);
      const { item, session } = await dyingImport(library, "busy");
      const create = form.createItem({ library_id: library, name: "BUSY" });
      const text = await client.refused(create, "already_exists");
      const { expiration_time } = await client.done(form.getSession(session));
      assert.ok(text.includes(session) && text.includes(expiration_time), text);
      assert.match(text, /cancel that session/);
      assert.deepEqual(await idsOf(library), [item]);
      await client.done(form.cancelSession(session));
      await client.done(create);
    });

    test("items that are whole, empty on purpose, or never had a session keep their names", async () => {
      // S80
      const library = await makeLibrary(client);
      const names = ["whole", "empty", "fresh"] as const;
      const [whole, empty, fresh] = names;
      const ids = [await importItem(library, whole)];
      ids.push(await client.done(form.createItem({ library_id: library, name: empty })));
      await client.done(form.completeSession(await openSession(client, ids[1] ?? "")));
      await client.done(form.cancelSession(await openSession(client, ids[1] ?? "")));
      ids.push(await client.done(form.createItem({ library_id: library, name: fresh })));
      for (const name of names)
        await client.refused(form.createItem({ library_id: library, name }), "already_exists");
      assert.deepEqual(await idsOf(library), ids);
    });

    test("of many imports that are run again at once one makes the item", async () => {
      // S80
      const library = await makeLibrary(client);
      const { session } = await dyingImport(library, "raced");
      await client.done(form.cancelSession(session));
      const create = form.createItem({ library_id: library, name: "raced" });
      const replies = await Promise.all(Array.from({ length: 10 }, () => client.ask(create)));
      const made = replies.filter(({ status }) => status === create.status);
      assert.deepEqual(
        made.map(({ value }) => value),
        await idsOf(library),
      );
      for (const { faultClass } of replies.filter(({ status }) => status !== create.status))
        assert.equal(faultClass, "already_exists");
    });

    test("another editor may run it, a viewer may not, and one who sees nothing learns nothing", async () => {
      // S81
      const people = await People.on(server);
      const library = await makeLibrary(client);
      const { session, item } = await dyingImport(library, "shared");
      await client.done(form.cancelSession(session));
      const [editor, viewer, stranger] = [
        await people.person(),
        await people.person(),
        await people.person(),
      ];
      await people.grant({ user: editor.id }, "EDITOR", library);
      await people.grant({ user: viewer.id }, "VIEWER", library);
      const create = form.createItem({ library_id: library, name: "shared" });
      const text = await (await people.client(form, stranger)).refused(create, "not_found");
      assert.ok(text.includes(library), text);
      await (await people.client(form, viewer)).refused(create, "unauthorized");
      assert.deepEqual(await idsOf(library), [item]);
      const made = await (await people.client(form, editor)).done(create);
      assert.deepEqual(await idsOf(library), [made]);
      const all = await people.admin.done(ACCESS.listAllSessions());
      assert.ok(!all.some(({ session_id }) => session_id === session), "its item is gone");
    });
  });
}
