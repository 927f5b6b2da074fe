import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MemoryBlobStore } from "@contentlib/server/adapters/blobs/memory/memory-blob-store";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import type { Client } from "./client.ts";
import { addPush, hexDigest, makeItem, openSession, readFile, send } from "./content.ts";
import type { Form } from "./forms.ts";
import { FORMS, rest } from "./forms.ts";
import { exchange, type Incoming } from "./http-exchange.ts";
import { People } from "./people.ts";
import { serverUnderTest } from "./server-under-test.ts";

const CONTENT = "0123456789";
const TIMEOUT_MS = 300_000;
const SPEC = { size: CONTENT.length };
const KEEP = { "contentlib-keep-partials": "true" };
const TUS = { "Tus-Resumable": "1.0.0" };
const DRAFT = { "Upload-Draft-Interop-Version": "9" };

const patch = (url: string, body: string, offset: number): Promise<Incoming> =>
  send(
    url,
    body,
    { ...TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) },
    "PATCH",
  );

const head = (url: string, headers: Readonly<Record<string, string>>): Promise<Incoming> =>
  exchange({ method: "HEAD", url, headers });

/** Ends a session as an interrupted client does. */
const interrupt = async (client: Client, session: string): Promise<void> => {
  const asking = client.form.failSession(session, "interrupted");
  const reply = await client.ask(asking, KEEP);
  assert.equal(reply.status, asking.status, reply.text);
};

/** A session of the item with four of ten bytes. */
const withFour = async (client: Client, item: string): Promise<string> => {
  const session = await openSession(client, item);
  const answer = await patch(await addPush(client, session, "boot.iso", SPEC), "0123", 0);
  assert.equal(answer.status, 204, answer.text);
  return session;
};

const received = async (client: Client, session: string): Promise<number> =>
  (await client.done(client.form.getFile(session, "boot.iso"))).bytes_transferred;

const describeForm = (form: Form): void => {
  describe(`bytes that outlive their session, ${form.name}`, async () => {
    const clock = new ManualClock();
    const server = await serverUnderTest({ clock });
    const client = await server.client(form);

    const expire = async (): Promise<void> => {
      await clock.advance(TIMEOUT_MS + 1);
      await clock.advance(5_000);
    };

    for (const [name, end] of Object.entries({
      "the header on fail": interrupt,
      "the expiry": expire,
    }))
      test(`${name} keeps them, and the next session goes on`, async () => {
        // S84
        const item = await makeItem(client);
        await end(client, await withFour(client, item));
        const session = await openSession(client, item);
        const uri = await addPush(client, session, "boot.iso", SPEC);
        const file = await client.done(form.getFile(session, "boot.iso"));
        assert.deepEqual([file.status, file.bytes_transferred], ["WAITING_FOR_TRANSFER", 4]);
        const wanted = { ...TUS, "Want-Repr-Digest": "sha-256=1" };
        const found = await head(uri, wanted);
        assert.equal(found.headers["upload-offset"], "4");
        const digest = Buffer.from(hexDigest("sha256", "0123"), "hex").toString("base64");
        assert.equal(found.headers["repr-digest"], `sha-256=:${digest}:`);
        assert.equal((await patch(uri, "456789", 4)).status, 204);
        await client.done(form.completeSession(session));
        assert.equal(await readFile(client, item, "boot.iso"), CONTENT);
      });

    test("a file that was READY is whole at once in both protocols, and for a range of nothing more", async () => {
      // S84
      const resumers: readonly ((uri: string) => Promise<Incoming>)[] = [
        (uri) => head(uri, TUS),
        (uri) => head(uri, DRAFT),
        (uri) => patch(uri, "", CONTENT.length),
      ];
      for (const resume of resumers) {
        const item = await makeItem(client);
        const first = await openSession(client, item);
        await send(await addPush(client, first, "boot.iso", SPEC), CONTENT);
        await interrupt(client, first);
        const session = await openSession(client, item);
        const uri = await addPush(client, session, "boot.iso", SPEC);
        assert.equal(await received(client, session), CONTENT.length);
        const answer = await resume(uri);
        assert.ok(answer.status < 300, answer.text);
        assert.equal(answer.headers["upload-offset"], String(CONTENT.length));
        await client.done(form.completeSession(session));
        assert.equal(await readFile(client, item, "boot.iso"), CONTENT);
      }
    });

    test("cancel, and a fail without the header or with another value, keep nothing", async () => {
      // S85
      const ends: readonly ((session: string) => Promise<unknown>)[] = [
        (session) => client.done(form.cancelSession(session)),
        (session) => client.done(form.failSession(session, "over")),
        (session) =>
          client.ask(form.failSession(session, "over"), { "contentlib-keep-partials": "yes" }),
      ];
      for (const end of ends) {
        const item = await makeItem(client);
        await end(await withFour(client, item));
        const session = await openSession(client, item);
        await addPush(client, session, "boot.iso", SPEC);
        assert.equal(await received(client, session), 0);
      }
    });

    test("a plain upload begins at 0 and needs to know of nothing", async () => {
      const item = await makeItem(client);
      await interrupt(client, await withFour(client, item));
      const session = await openSession(client, item);
      const uri = await addPush(client, session, "boot.iso", SPEC);
      assert.equal((await send(uri, CONTENT)).status, 200);
      await client.done(form.completeSession(session));
      assert.equal(await readFile(client, item, "boot.iso"), CONTENT);
    });

    test("nobody else gets them or can tell that they are there", async () => {
      // S84
      const item = await makeItem(client);
      await interrupt(client, await withFour(client, item));
      const people = await People.on(server);
      const person = await people.person();
      await people.grant({ user: person.id }, "EDITOR");
      const other = await people.client(form, person);
      const shapes = [];
      for (const name of ["boot.iso", "never.iso"]) {
        const session = await openSession(other, item);
        await addPush(other, session, name, SPEC);
        const { status, bytes_transferred } = await other.done(form.getFile(session, name));
        shapes.push([status, bytes_transferred]);
        await other.done(form.cancelSession(session));
      }
      assert.deepEqual(shapes, Array(2).fill(["WAITING_FOR_TRANSFER", 0]));
      const session = await openSession(client, item);
      await addPush(client, session, "boot.iso", SPEC);
      assert.equal(await received(client, session), 4);
    });

    test("they are there after a restart", async () => {
      const item = await makeItem(client);
      await interrupt(client, await withFour(client, item));
      await server.restart();
      const session = await openSession(client, item);
      await addPush(client, session, "boot.iso", SPEC);
      assert.equal(await received(client, session), 4);
    });
  });
};

for (const form of FORMS) describeForm(form);

test("kept bytes make room for others", async () => {
  // S87
  const clock = new ManualClock();
  const blobs = new MemoryBlobStore({ clock, capacityBytes: 12 });
  const server = await serverUnderTest({ clock, blobs: () => blobs });
  const form = rest;
  const client = await server.client(form);
  await interrupt(client, await withFour(client, await makeItem(client)));
  assert.equal(await blobs.freeBytes(), 8);
  const session = await openSession(client);
  const uri = await addPush(client, session, "other.iso", SPEC);
  const refused = await patch(uri, CONTENT, 0);
  assert.equal(refused.status, 507, refused.text);
  const offset = Number((await head(uri, TUS)).headers["upload-offset"]);
  assert.equal((await patch(uri, CONTENT.slice(offset), offset)).status, 204);
  await client.done(form.completeSession(session));
});
