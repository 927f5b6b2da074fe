import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Client } from "./client.ts";
import {
  addPush,
  hexDigest,
  makeItem,
  makeLibrary,
  openSession,
  readFile,
  send,
} from "./content.ts";
import { FORMS } from "./forms.ts";
import { People } from "./people.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

const server = await serverUnderTest();

const declared = (content: string) => ({
  size: content.length,
  checksum_info: { algorithm: "SHA256", checksum: hexDigest("sha256", content) },
});

for (const form of FORMS) {
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  const shown = async (who: Client, session: string, name: string) => {
    const { status, bytes_transferred, size, upload_endpoint } = await who.done(
      form.getFile(session, name),
    );
    assert.ok(upload_endpoint, "it has an endpoint in every case");
    return [status, bytes_transferred, size];
  };

  describe(`adding a file whose bytes are here, ${form.name}`, () => {
    test("it is READY at once, and completes", async () => {
      // S82
      const content = freshName("content");
      await makeItem(client, { "first.iso": content });
      const item = await makeItem(client);
      const session = await openSession(client, item);
      await addPush(client, session, "again.iso", declared(content));
      assert.deepEqual(await shown(client, session, "again.iso"), [
        "READY",
        content.length,
        content.length,
      ]);
      await client.done(form.validate(session));
      await client.done(form.completeSession(session));
      assert.equal(await readFile(client, item, "again.iso"), content);
    });

    test("a client that sends the bytes anyway is served as ever: it adds, puts, completes", async () => {
      // S82, S63
      const content = freshName("content");
      await makeItem(client, { "first.ovf": content });
      const item = await makeItem(client);
      const session = await openSession(client, item);
      const uri = await addPush(client, session, "again.ovf", declared(content));
      const answer = await send(uri, content, { "Content-Type": "application/octet-stream" });
      assert.equal(answer.status, 200, answer.text);
      assert.equal((await shown(client, session, "again.ovf"))[0], "READY");
      await client.done(form.completeSession(session));
      assert.equal(await readFile(client, item, "again.ovf"), content);
    });

    test("other bytes than were declared spoil it; the right ones mend it", async () => {
      // S82, S66
      const content = freshName("content");
      await makeItem(client, { "first.iso": content });
      const session = await openSession(client);
      const uri = await addPush(client, session, "again.iso", declared(content));
      assert.equal((await send(uri, "x".repeat(content.length))).status, 400);
      assert.equal((await shown(client, session, "again.iso"))[0], "ERROR");
      await client.refused(form.completeSession(session), "not_allowed_in_current_state");
      assert.equal((await send(uri, content)).status, 200);
      await client.done(form.completeSession(session));
    });

    test("it waits where the declaration does not fit: another size, none, another algorithm", async () => {
      // S82
      const content = freshName("content");
      await makeItem(client, { "first.iso": content });
      const session = await openSession(client);
      const { size, checksum_info } = declared(content);
      const sha1 = { algorithm: "SHA1", checksum: hexDigest("sha1", content) };
      for (const spec of [
        { size: size + 1, checksum_info },
        { checksum_info },
        { size, checksum_info: sha1 },
      ]) {
        await addPush(client, session, "again.iso", spec);
        const [status, transferred] = await shown(client, session, "again.iso");
        assert.deepEqual([status, transferred], ["WAITING_FOR_TRANSFER", 0]);
      }
    });

    test("who may not read an item that has them can not tell that they are here", async () => {
      // S83
      const people = await People.on(server);
      const content = freshName("secret");
      const hidden = await makeLibrary(client);
      const own = await makeLibrary(client);
      await makeItem(client, { "secret.iso": content }, hidden);
      const person = await people.person();
      await people.grant({ user: person.id }, "EDITOR", own);
      const other = await people.client(form, person);
      const session = await openSession(other, await makeItem(client, {}, own));
      const ask = async (text: string) => {
        const spec = { name: "a.iso", source_type: "PUSH", ...declared(text) };
        const { value, status } = await other.ask(form.addFile(session, spec));
        const { upload_endpoint, checksum_info, ...rest } = value as Record<string, unknown>;
        assert.ok(upload_endpoint && checksum_info);
        return { status, rest };
      };
      const nowhere = await ask(freshName("nobody"));
      assert.equal(nowhere.rest["status"], "WAITING_FOR_TRANSFER");
      assert.deepEqual(await ask(content), nowhere);
      const grant = await people.grant({ user: person.id }, "VIEWER", hidden);
      assert.equal((await ask(content)).rest["status"], "READY");
      await people.ungrant(grant);
      assert.deepEqual(await ask(content), nowhere);
    });

    test("a token sees what it sees: cut down to another library it has none of the bytes", async () => {
      // S83
      const people = await People.on(server);
      const content = freshName("secret");
      const [first, own] = [await makeLibrary(client), await makeLibrary(client)];
      await makeItem(client, { "a.iso": content }, first);
      const person = await people.person();
      for (const library of [first, own])
        await people.grant({ user: person.id }, "EDITOR", library);
      for (const [grants, status] of [
        [[{ role: "EDITOR", library_id: own }], "WAITING_FOR_TRANSFER"],
        [
          [
            { role: "EDITOR", library_id: own },
            { role: "VIEWER", library_id: first },
          ],
          "READY",
        ],
      ] as const) {
        const { token } = await people.token({ user: person.id, grants });
        const bearer = await people.client(form, { ...person, secret: token });
        const session = await openSession(bearer, await makeItem(client, {}, own));
        await addPush(bearer, session, "a.iso", declared(content));
        assert.equal((await shown(bearer, session, "a.iso"))[0], status);
      }
    });
  });
}
