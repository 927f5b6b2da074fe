import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MemoryBlobStore } from "@contentlib/server/adapters/blobs/memory/memory-blob-store";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import type { BlobStore } from "@contentlib/server/ports/blob-store";
import type { Catalog } from "@contentlib/server/ports/catalog";
import { PortError } from "@contentlib/server/ports/port-error";
import type { Client } from "./client.ts";
import {
  addPush,
  contentVersion,
  downloadUrl,
  fileNames,
  makeItem,
  openSession,
  push,
  readFile,
  send,
} from "./content.ts";
import { FORMS, rest } from "./forms.ts";
import { eventually } from "./held-upload.ts";
import { exchange } from "./http-exchange.ts";
import { type ServerUnderTest, serverUnderTest } from "./server-under-test.ts";

const form = rest;

describe("a storage without room", () => {
  test("the upload is 507, the file says so, its bytes are freed, and the server goes on", async () => {
    // S68
    const clock = new ManualClock();
    const blobs = new MemoryBlobStore({ clock, capacityBytes: 100_000 });
    const server = await serverUnderTest({ blobs: () => blobs });
    const client = await server.client(form);
    const item = await makeItem(client, { "small.txt": "small" });
    const session = await openSession(client, item);
    const uri = await addPush(client, session, "big.iso");
    const answer = await send(uri, "x".repeat(1_000_000)).catch(() => null);
    if (answer !== null) {
      assert.equal(answer.status, 507, answer.text);
      assert.match(answer.text, /no room/);
    }
    const file = await client.done(form.getFile(session, "big.iso"));
    assert.equal(file.status, "ERROR");
    assert.match(file.error_message?.default_message ?? "", /no room/);
    assert.equal(await blobs.freeBytes(), 100_000 - 5, "nothing of the transfer is left");
    assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
    await client.refused(form.completeSession(session), "not_allowed_in_current_state");
    assert.equal((await send(uri, "fits")).status, 200);
    await client.done(form.completeSession(session));
    assert.deepEqual(await fileNames(client, item), ["small.txt", "big.iso"]);
    assert.equal(await contentVersion(client, item), 3);
    assert.equal(await readFile(client, item, "big.iso"), "fits");
  });

  test("bytes that a session gave up make room for others [C82]", async () => {
    // S44
    const clock = new ManualClock();
    const blobs = new MemoryBlobStore({ clock, capacityBytes: 1000 });
    const server = await serverUnderTest({ blobs: () => blobs });
    const client = await server.client(form);
    const ends = [
      form.cancelSession,
      (id: string) => form.failSession(id, "x"),
      (id: string) => form.removeFile(id, "a"),
      (id: string) => form.addFile(id, { name: "a", source_type: "PUSH" }),
    ];
    for (const end of ends) {
      const session = await openSession(client);
      await push(client, session, "a", "x".repeat(1000));
      await client.done(end(session));
      await eventually(
        () => blobs.freeBytes(),
        (free) => free === 1000,
      );
    }
  });

  test("bytes of sessions whose item is deleted make room, and the sessions have ended [C64]", async () => {
    // S36, S44
    const clock = new ManualClock();
    const blobs = new MemoryBlobStore({ clock, capacityBytes: 1000 });
    const server = await serverUnderTest({ blobs: () => blobs });
    const client = await server.client(form);
    const item = await makeItem(client);
    const session = await openSession(client, item);
    const uri = await push(client, session, "a", "x".repeat(1000));
    await client.done(form.deleteItem(item));
    assert.equal((await client.done(form.getSession(session))).state, "CANCELED");
    assert.equal((await send(uri, "late")).status, 409);
    await eventually(
      () => blobs.freeBytes(),
      (free) => free === 1000,
    );
  });
});

/** What the store is to fail with next, by the call; a call without an entry goes through. */
type Failures = Partial<Record<"stage" | "promote" | "open", Error>>;

async function serverThatFails(failures: Failures): Promise<ServerUnderTest> {
  const failing = async (call: keyof Failures): Promise<void> => {
    const error = failures[call];
    if (error !== undefined) throw error;
  };
  const around = (inner: BlobStore): BlobStore => ({
    partials: {
      append: async (...args) => (await failing("stage"), inner.partials.append(...args)),
      finish: (...args) => inner.partials.finish(...args),
      checksumsOf: (...args) => inner.partials.checksumsOf(...args),
      prefixDigest: (...args) => inner.partials.prefixDigest(...args),
      sizeOf: (stagedId) => inner.partials.sizeOf(stagedId),
    },
    stage: async (...args) => (await failing("stage"), inner.stage(...args)),
    promote: async (...args) => (await failing("promote"), inner.promote(...args)),
    open: async (...args) => (await failing("open"), inner.open(...args)),
    openStaged: (stagedId) => inner.openStaged(stagedId),
    checksumsOf: (...given) => inner.checksumsOf(...given),
    release: (stagedId) => inner.release(stagedId),
    delete: (digest) => inner.delete(digest),
    listStaged: () => inner.listStaged(),
    list: () => inner.list(),
    freeBytes: () => inner.freeBytes(),
  });
  return await serverUnderTest({ blobs: around });
}

for (const each of FORMS) {
  describe(`a storage that fails, ${each.name}`, async () => {
    const failures: Failures = {};
    const server = await serverThatFails(failures);
    const client: Client = await server.client(each);

    test("in complete: refused with the reason, the session in ERROR, the item as before, and free", async () => {
      // S41
      const item = await makeItem(client, { "a.txt": "old" });
      const before = await client.done(each.getItem(item));
      const session = await openSession(client, item);
      await push(client, session, "a.txt", "new");
      failures.promote = new PortError("unavailable", "The disk answers nothing any more.");
      const text = await client.refused(
        each.completeSession(session),
        "not_allowed_in_current_state",
      );
      delete failures.promote;
      assert.match(text, /The disk answers nothing any more/);
      const shown = await client.done(each.getSession(session));
      assert.equal(shown.state, "ERROR");
      assert.match(shown.error_message?.default_message ?? "", /The disk answers nothing any more/);
      assert.deepEqual(await client.done(each.getItem(item)), before);
      assert.equal(await readFile(client, item, "a.txt"), "old");
      await openSession(client, item);
    });

    test("in ways nobody expects: 500 with the request's id and nothing of the inside; the server goes on", async () => {
      const item = await makeItem(client, { "a.txt": "a" });
      const session = await openSession(client, item);
      await push(client, session, "a.txt", "b");
      failures.promote = new Error("secret detail of the inside");
      const reply = await client.ask(each.completeSession(session));
      delete failures.promote;
      assert.equal(reply.status, 500);
      assert.equal(reply.faultClass, "internal_server_error");
      assert.deepEqual(reply.messages[0]?.args, [reply.headers["x-request-id"]]);
      assert.doesNotMatch(reply.text, /secret detail/);
      await client.done(each.completeSession(session));
      assert.equal(await readFile(client, item, "a.txt"), "b");
    });

    test("while bytes are read or sent: an error in the form of /api, and no file that was not received", async () => {
      const item = await makeItem(client, { "a.txt": "a" });
      const url = await downloadUrl(client, item, "a.txt");
      const session = await openSession(client, item);
      const uri = await addPush(client, session, "b.txt");
      failures.open = new Error("no hands");
      failures.stage = new PortError("unavailable", "The disk answers nothing any more.");
      const answers = [await exchange({ method: "GET", url }), await send(uri, "b")];
      delete failures.open;
      delete failures.stage;
      for (const answer of answers) {
        assert.ok(answer.status >= 500, answer.text);
        const { error_type } = JSON.parse(answer.text) as { error_type: string };
        assert.match(error_type, /^(?:INTERNAL_SERVER_ERROR|SERVICE_UNAVAILABLE)$/);
      }
      assert.notEqual((await client.done(each.getFile(session, "b.txt"))).status, "READY");
      assert.equal((await send(uri, "b")).status, 200);
      await client.done(each.completeSession(session));
      assert.deepEqual(await fileNames(client, item), ["a.txt", "b.txt"]);
    });
  });
}

/** A catalog that, while it is told so, finds no room for any change. */
const withoutRoom =
  (isFull: () => boolean) =>
  (catalog: Catalog): Catalog =>
    new Proxy(catalog, {
      get: (target, name) => {
        if (name === "commit" && isFull())
          return () => Promise.reject(new PortError("full", "database or disk is full"));
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === "function" ? (member.bind(target) as unknown) : member;
      },
    });

for (const each of FORMS) {
  test(`a catalog without room, ${each.name}: each refusal names it, reading and what was there go on`, async () => {
    // S68
    let isFull = false;
    const server = await serverUnderTest({ catalog: withoutRoom(() => isFull) });
    const client = await server.client(each);
    const item = await makeItem(client, { "old.txt": "old" });
    const session = await openSession(client, item);
    const uri = await addPush(client, session, "a.txt");
    await send(uri, "before");
    isFull = true;
    for (const call of [
      each.keepAlive(session),
      each.completeSession(session),
      each.cancelSession(session),
    ])
      assert.match(await client.refused(call, "unable_to_allocate_resource"), /no room/);
    const refused = await send(uri, "while full");
    assert.equal(refused.status, 507, refused.text);
    assert.match(refused.text, /no room/);
    assert.equal(await fileNames(client, item).then((names) => names.join()), "old.txt");
    isFull = false;
    assert.equal((await client.done(each.getSession(session))).state, "ACTIVE");
    assert.equal((await send(uri, "after")).status, 200);
    await client.done(each.completeSession(session));
    assert.equal(await readFile(client, item, "a.txt"), "after");
  });
}
