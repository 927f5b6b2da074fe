import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import {
  addPush,
  fileNames,
  makeItem,
  openSession,
  preparedUrl,
  push,
  read,
  readFile,
  send,
} from "./content.ts";
import { FORMS, rest } from "./forms.ts";
import { heldUpload } from "./held-upload.ts";
import { serverUnderTest } from "./server-under-test.ts";

/** The id of staged bytes that no session knows. */
const ORPHAN = "11111111-2222-4333-8444-555555555555";

for (const form of FORMS) {
  describe(`a restart, ${form.name}`, async () => {
    const server = await serverUnderTest();
    const client = await server.client(form);

    test("keeps logins, libraries, items, content, and sessions that have ended [C32]", async () => {
      // S70
      const item = await makeItem(client, { "a.txt": "abc" });
      const shown = await client.done(form.getItem(item));
      const library = await client.done(form.getLibrary(shown.library_id));
      const failed = await openSession(client, item);
      await client.done(form.failSession(failed, "why it failed"));
      await server.restart();
      assert.deepEqual(await client.done(form.getLibrary(shown.library_id)), library);
      assert.deepEqual(await client.done(form.listItems(shown.library_id)), [item]);
      assert.deepEqual(await client.done(form.getItem(item)), shown);
      assert.equal(await readFile(client, item, "a.txt"), "abc");
      assert.equal(
        (await client.done(form.getSession(failed))).error_message?.default_message,
        "why it failed",
      );
    });

    test("keeps an ACTIVE session with READY files, settings, progress and the same upload URLs [C32]", async () => {
      // S72
      const item = await makeItem(client, { "old.txt": "old" });
      const session = await openSession(client, item);
      const behavior = [{ type: "EXPIRED_CERTIFICATE", ignored: true }];
      await client.done(form.updateSession(session, { warning_behavior: behavior }));
      await client.done(form.keepAlive(session, { client_progress: 40 }));
      const ready = await push(client, session, "ready.txt", "ready");
      const waiting = await addPush(client, session, "waiting.txt", { size: 5 });
      await client.done(form.removeFile(session, "old.txt"));
      const [before, files] = [
        await client.done(form.getSession(session)),
        await client.done(form.listFiles(session)),
      ];
      await server.restart();
      const after = await client.done(form.getSession(session));
      assert.ok(after.expiration_time >= before.expiration_time);
      assert.deepEqual({ ...after, expiration_time: "" }, { ...before, expiration_time: "" });
      assert.deepEqual(await client.done(form.listFiles(session)), files);
      assert.equal(files[0]?.upload_endpoint?.uri, ready);
      assert.equal((await send(waiting, "12345")).status, 200);
      await client.done(form.completeSession(session));
      assert.deepEqual(await fileNames(client, item), ["ready.txt", "waiting.txt"]);
      assert.equal(await readFile(client, item, "ready.txt"), "ready");
    });

    test("a file that was TRANSFERRING waits again, under the same URL, with what had come", async () => {
      // S72
      const session = await openSession(client);
      const uri = await addPush(client, session, "a.txt");
      const upload = await heldUpload(client, session, "a.txt", uri, {
        first: "0123",
        sizeBytes: 10,
      });
      await server.restart();
      const answer = await upload.answer;
      assert.ok(answer === null || answer.status >= 400, answer?.text);
      const shown = await client.done(form.getFile(session, "a.txt"));
      assert.deepEqual([shown.status, shown.bytes_transferred], ["WAITING_FOR_TRANSFER", 4]);
      assert.equal(shown.upload_endpoint?.uri, uri);
      assert.equal((await send(uri, "0123456789")).status, 200);
      await client.done(form.completeSession(session));
    });

    test("keeps download sessions and their URLs, on their own content version", async () => {
      // S71
      const item = await makeItem(client, { "a.txt": "old" });
      const session = await client.done(form.createDownload({ library_item_id: item }));
      const url = await preparedUrl(client, session, "a.txt");
      const update = await openSession(client, item);
      await push(client, update, "a.txt", "new");
      await client.done(form.completeSession(update));
      await server.restart();
      assert.equal(await read(url), "old");
      assert.equal(await readFile(client, item, "a.txt"), "new");
    });

    test("does not bring back a login that was deleted", async () => {
      const other = await server.client(form);
      await other.done(form.logout());
      await server.restart();
      await other.refused(form.listLibraries(), "unauthenticated");
    });

    test("an idempotent create still answers the first session", async () => {
      // S12
      const spec = { library_item_id: await makeItem(client) };
      const token = "0d3f6c1b-7a52-4c0e-8d1f-2b9a6e4c5f70";
      const first = await client.done(form.createSession(spec, token));
      await server.restart();
      assert.equal(await client.done(form.createSession(spec, token)), first);
    });
  });
}

describe("a restart after a long time", () => {
  test("gives a session that was alive a full timeout again, and ends one that had expired before", async () => {
    // S35
    const clock = new ManualClock();
    const server = await serverUnderTest({ clock });
    const form = rest;
    const first = await server.client(form);
    const lapsed = await openSession(first);
    await clock.advance(299_000);
    const alive = await openSession(first);
    await clock.advance(31_000);
    await server.stop();
    await clock.advance(86_400_000 * 3);
    await server.start();
    const client = await server.client(form);
    const until = Date.parse((await client.done(form.getSession(alive))).expiration_time);
    assert.equal(until, clock.now() + 300_000);
    await client.refused(form.getSession(lapsed), "not_found");
  });
});

describe("what a crash may leave behind", () => {
  test("is removed at the next start, and what is still referred to stays", async () => {
    // S73
    const server = await serverUnderTest();
    const client = await server.client(rest);
    const item = await makeItem(client, { "a.txt": "kept" });
    const session = await openSession(client, item);
    await push(client, session, "b.txt", "staged");
    await server.stop();
    const staging = join(server.directory, "data", "store", "staging");
    const [ready] = readdirSync(join(staging, "ready"));
    assert.ok(ready, "the READY file lies in the staging area");
    const orphans = [join(staging, "incoming", ORPHAN), join(staging, "ready", ORPHAN)];
    for (const orphan of orphans) writeFileSync(orphan, "left behind");
    await server.start();
    for (const orphan of orphans) assert.ok(!existsSync(orphan), orphan);
    const again = await server.client(rest);
    await again.done(rest.completeSession(session));
    assert.equal(await readFile(again, item, "b.txt"), "staged");
    assert.equal(await readFile(again, item, "a.txt"), "kept");
  });
});
