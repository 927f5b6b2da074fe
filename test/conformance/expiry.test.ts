import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import { MemoryBlobStore } from "@contentlib/server/adapters/blobs/memory/memory-blob-store";
import { type Client, readReply } from "./client.ts";
import {
  addPush,
  contentVersion,
  makeItem,
  openSession,
  preparedUrl,
  push,
  send,
} from "./content.ts";
import { FORMS } from "./forms.ts";
import { eventually, heldUpload } from "./held-upload.ts";
import { exchange } from "./http-exchange.ts";
import { serverUnderTest } from "./server-under-test.ts";

const TIMEOUT_MS = 300_000;
const RETENTION_MS = 3_600_000;
const PARTIAL_TTL_MS = 600_000;
const LOGIN_IDLE_MS = 1_800_000;
/** What a slow line brings in half a minute: little, and more than a trickle that is given up. */
const SLOW_PIECE = "x".repeat(4_096);
const SLOW_FILE_BYTES = 1_048_576;

for (const form of FORMS) {
  describe(`expiry, ${form.name}`, async () => {
    const clock = new ManualClock();
    const blobs = new MemoryBlobStore({ clock, capacityBytes: 10_000_000 });
    const server = await serverUnderTest({
      clock,
      blobs: () => blobs,
      partialTtlMs: PARTIAL_TTL_MS,
    });
    let client = await server.client(form);

    /** Moves time without letting the login die. */
    const pass = async (ms: number): Promise<void> => {
      for (let left = ms; left > 0; left -= 600_000) {
        await clock.advance(Math.min(left, 600_000));
        await client.done(form.getLogin());
      }
    };

    test("a session idle for its timeout is gone, the text says when and why, and its item is free at once [C80]", async () => {
      // S31, S33, S34
      const item = await makeItem(client);
      const session = await openSession(client, item);
      await push(client, session, "a.txt", "abc");
      const { expiration_time } = await client.done(form.getSession(session));
      await pass(TIMEOUT_MS - 1);
      assert.equal(
        (await client.done(form.getSession(session))).state,
        "ACTIVE",
        "never before what it showed",
      );
      await pass(2);
      const text = await client.refused(form.getSession(session), "not_found");
      assert.match(text, /expired at \d{4}-.*Z, after 300 s without activity/);
      assert.ok(text.includes(expiration_time.slice(0, 16)), text);
      for (const asking of [
        form.completeSession(session),
        form.cancelSession(session),
        form.keepAlive(session),
        form.deleteSession(session),
      ]) {
        await client.refused(asking, "not_found");
      }
      assert.deepEqual(await client.done(form.listSessions(item)), []);
      await openSession(client, item);
      assert.equal(await contentVersion(client, item), 1);
    });

    test("nobody needs to look: an expired session ends, and its bytes are freed in time, by the clock alone [C125]", async () => {
      // S34, S86
      const free = await blobs.freeBytes();
      const session = await openSession(client);
      const uri = await push(client, session, "a.txt", "x".repeat(1000));
      assert.equal(await blobs.freeBytes(), free - 1000);
      await pass(TIMEOUT_MS + 5000);
      assert.equal((await send(uri, "late")).status, 404);
      assert.equal(await blobs.freeBytes(), free - 1000);
      await pass(PARTIAL_TTL_MS + 60_000);
      await eventually(
        () => blobs.freeBytes(),
        (now) => now >= free,
      );
    });

    test("the next create ends a holder whose time is up", async () => {
      const item = await makeItem(client);
      const first = await openSession(client, item);
      await clock.advance(TIMEOUT_MS + 1);
      const second = await openSession(client, item);
      assert.notEqual(second, first);
    });

    test("the text of an expired session is kept as long as ended sessions are, then it is unknown", async () => {
      // S28, S33
      const session = await openSession(client);
      await pass(TIMEOUT_MS + 2000);
      await pass(RETENTION_MS - 60_000);
      assert.match(await client.refused(form.getSession(session), "not_found"), /expired/);
      await pass(180_000);
      assert.doesNotMatch(await client.refused(form.getSession(session), "not_found"), /expired/);
    });

    test("ended sessions stay readable for their time, then they are removed", async () => {
      // S28
      const item = await makeItem(client);
      const session = await openSession(client, item);
      await push(client, session, "a.txt", "abc");
      await client.done(form.completeSession(session));
      await pass(RETENTION_MS - 60_000);
      assert.equal((await client.done(form.getSession(session))).state, "DONE");
      await pass(180_000);
      await client.refused(form.getSession(session), "not_found");
      assert.equal(await contentVersion(client, item), 2);
    });

    test("a transfer in progress keeps the session and the login alive past both timeouts [C81]", async () => {
      // S29, S32
      const item = await makeItem(client);
      const session = await openSession(client, item);
      const uri = await addPush(client, session, "a.txt");
      const upload = await heldUpload(client, session, "a.txt", uri, {
        first: SLOW_PIECE,
        sizeBytes: SLOW_FILE_BYTES,
      });
      const watcher = await server.client(form);
      let sent = SLOW_PIECE.length;
      for (let elapsed = 0; elapsed < LOGIN_IDLE_MS + TIMEOUT_MS; elapsed += 30_000) {
        await clock.advance(30_000);
        await upload.write(SLOW_PIECE);
        sent += SLOW_PIECE.length;
        await eventually(
          () => bytesIn(watcher, session),
          (bytes) => bytes >= sent,
        );
      }
      await upload.write("x".repeat(SLOW_FILE_BYTES - sent));
      upload.end();
      assert.equal((await upload.answer)?.status, 200);
      await client.done(form.completeSession(session));
      assert.equal((await client.done(form.getSession(session))).state, "DONE");
    });

    const bytesIn = async (watcher: Client, session: string): Promise<number> =>
      (await watcher.done(form.getFile(session, "a.txt"))).bytes_transferred;

    test("expiry cuts a transfer that has fallen silent", async () => {
      // S34
      const session = await openSession(client);
      const uri = await addPush(client, session, "a.txt");
      const upload = await heldUpload(client, session, "a.txt", uri, {
        first: "x",
        sizeBytes: 100,
      });
      await pass(TIMEOUT_MS + 5000);
      const answer = await upload.answer;
      assert.ok(answer === null || answer.status >= 400);
      await client.refused(form.getSession(session), "not_found");
    });

    test("a login that is idle too long is dead; its sessions are not", async () => {
      const item = await makeItem(client);
      const other = await server.client(form);
      const session = await openSession(other, item);
      for (let elapsed = 0; elapsed <= LOGIN_IDLE_MS; elapsed += TIMEOUT_MS / 2) {
        await pass(TIMEOUT_MS / 2);
        await client.done(form.keepAlive(session));
      }
      await other.refused(form.getSession(session), "unauthenticated");
      assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
    });

    test("a wall clock that jumps back moves no expiry back, and the session lives its full time", async () => {
      // S32
      const session = await openSession(client);
      const shown = Date.parse((await client.done(form.getSession(session))).expiration_time);
      clock.jumpTo(clock.now() - 86_400_000);
      await client.done(form.keepAlive(session));
      const after = Date.parse((await client.done(form.getSession(session))).expiration_time);
      assert.ok(after >= shown);
      assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
      clock.jumpTo(clock.now() + 86_400_000);
      assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
    });

    test("a wall clock that jumps far ahead ends no session: nobody was idle; the server goes on", async () => {
      const item = await makeItem(client, { "a.txt": "abc" });
      const session = await openSession(client, item);
      clock.jumpTo(clock.now() + 10 * 365 * 86_400_000);
      await clock.advance(2000);
      client = await server.client(form);
      const shown = await client.done(form.getSession(session));
      assert.equal(shown.state, "ACTIVE");
      assert.ok(
        Date.parse(shown.expiration_time) >= clock.now() + TIMEOUT_MS - 3000,
        "a full timeout from there",
      );
      await push(client, session, "a.txt", "after the jump");
      await client.done(form.completeSession(session));
      assert.equal(await contentVersion(client, item), 3);
    });

    test("a download session expires likewise, and bytes that are read keep it", async () => {
      const item = await makeItem(client, { "a.txt": "abc" });
      const session = await client.done(form.createDownload({ library_item_id: item }));
      const url = await preparedUrl(client, session, "a.txt");
      await pass(TIMEOUT_MS - 1000);
      assert.equal((await exchange({ method: "GET", url })).status, 200);
      await pass(TIMEOUT_MS - 1000);
      await client.done(form.getDownload(session));
      await pass(3000);
      assert.match(
        await client.refused(form.getDownload(session), "not_found"),
        /expired at .* after 300 s/,
      );
      const dead = await exchange({ method: "GET", url });
      assert.equal(dead.status, 404);
      assert.equal(readReply({ ...form, name: "api" }, dead).faultClass, "not_found");
    });
  });
}
