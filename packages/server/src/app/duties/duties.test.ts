import assert from "node:assert/strict";
import { test } from "node:test";
import { HandSource, sourceOf } from "@contentlib/testkit/bytes/byte-sources";
import {
  aCall,
  RIG_SETTINGS,
  segmentOf,
  startApp,
  wholeList,
} from "@contentlib/testkit/rigs/app-rig";
import { refusedWith, SessionRig, STAYS } from "@contentlib/testkit/rigs/session-rig";

const TIMEOUT_MS = 300_000;
const HOUR_MS = 3_600_000;

test("a session without activity is gone after its timeout, says when and why, and its item is free", async () => {
  const rig = await SessionRig.open();
  await rig.send(await rig.add("boot.iso"), "received");
  const shown = (await rig.session()).expiration_time;
  await rig.clock.advance(TIMEOUT_MS - 1);
  assert.equal((await rig.session()).state, "ACTIVE");
  await rig.clock.advance(1);
  const text = await refusedWith("update_session.expired", rig.session());
  assert.match(text, new RegExp(`expired at ${shown}, after 300 s without activity`));
  await rig.openSession();
});

test("a list shows no session whose time is up", async () => {
  const rig = await SessionRig.open();
  await rig.clock.advance(TIMEOUT_MS);
  assert.deepEqual(await wholeList(await rig.handlers["updateSession.list"]({}, aCall())), []);
  await rig.openSession();
  assert.deepEqual(await wholeList(await rig.handlers["updateSession.list"]({}, aCall())), [
    rig.sessionId,
  ]);
});

test("nobody has to ask for an expired session: the duty ends it and frees its item", async () => {
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso");
  await rig.send(file, "received");
  await rig.clock.advance(TIMEOUT_MS);
  await rig.rig.app.duties.expireSessions();
  assert.equal(await rig.storage.catalog.findActiveSession(rig.itemId as never), null);
  await refusedWith("update_session.expired", rig.send(file, "late"));
});

test("the memory of ended sessions goes after the retention; an ACTIVE one stays", async () => {
  const rig = await SessionRig.open();
  await rig.cancel();
  const ended = rig.sessionId;
  await rig.openSession();
  await rig.clock.advance(HOUR_MS);
  await rig.rig.app.duties.purge();
  rig.sessionId = ended;
  await refusedWith("update_session.not_found", rig.session());
});

test("content versions beyond those the operator keeps are forgotten by the duty, and their bytes collected", async () => {
  const rig = await SessionRig.open();
  for (const content of ["one", "two", "three"]) {
    await rig.send(await rig.add("boot.iso"), content);
    await rig.complete();
    await rig.openSession();
  }
  const { catalog, blobs } = rig.storage;
  const versions = async (): Promise<readonly number[]> =>
    (await catalog.listRevisions(rig.itemId as never)).map(({ contentVersion }) => contentVersion);
  await rig.rig.app.duties.purge();
  assert.deepEqual(await versions(), [4, 3, 2]);
  const settings = { ...RIG_SETTINGS, revisionsKept: 2 };
  const { app } = await startApp(rig.clock, rig.storage, settings);
  await app.duties.purge();
  assert.deepEqual(await versions(), [4, 3]);
  await rig.clock.advance(24 * HOUR_MS);
  await app.duties.collectBlobs();
  assert.equal((await Array.fromAsync(blobs.list())).length, 2);
});

// S30
test("arriving bytes keep the session alive past its timeout, and the catalog learns of it", async () => {
  const rig = await SessionRig.open();
  const source = new HandSource();
  const sending = rig.send(await rig.add("boot.iso"), source);
  await source.poured;
  for (let minutes = 0; minutes < 20; minutes += 4) {
    await rig.clock.advance(4 * 60_000);
    source.push(Buffer.from("more"));
    await rig.rig.app.duties.recordActivity();
    await rig.rig.app.duties.expireSessions();
  }
  const { expiration_time } = await rig.session();
  assert.equal(Date.parse(expiration_time), rig.clock.now() + TIMEOUT_MS);
  const stored = await rig.storage.catalog.findSessionHead(rig.sessionId as never);
  assert.equal(stored?.value.expiresAt, rig.clock.now() + TIMEOUT_MS);
  source.end();
  await sending;
  await rig.complete();
});

test("a wall clock that jumps forward ends no session; each has a full timeout from there", async () => {
  const rig = await SessionRig.open();
  rig.clock.jumpTo(rig.clock.now() + 24 * HOUR_MS);
  const session = await rig.session();
  assert.equal(session.state, "ACTIVE");
  assert.equal(Date.parse(session.expiration_time), rig.clock.now() + TIMEOUT_MS);
  await rig.rig.app.duties.expireSessions();
  await rig.rig.app.duties.recordActivity();
  await rig.restart();
  assert.equal((await rig.session()).state, "ACTIVE");
  await rig.clock.advance(TIMEOUT_MS);
  await refusedWith("update_session.expired", rig.session());
});

test("a wall clock that jumps back never ends a session before the expiry it showed", async () => {
  const rig = await SessionRig.open();
  const shown = Date.parse((await rig.session()).expiration_time);
  rig.clock.jumpTo(rig.clock.now() - HOUR_MS);
  await rig.clock.advance(TIMEOUT_MS * 2);
  assert.equal((await rig.session()).state, "ACTIVE");
  assert.ok(rig.clock.now() < shown);
  await rig.handlers["updateSession.keepAlive"]({ update_session_id: rig.sessionId }, aCall());
  assert.equal(Date.parse((await rig.session()).expiration_time), shown);
});

test("after a restart READY files are READY, a file in motion waits under the same endpoint, and time off does not count", async () => {
  const rig = await SessionRig.open();
  await rig.send(await rig.add("ready.iso"), "received");
  const moving = await rig.add("moving.iso");
  const source = new HandSource();
  const cut = rig.send(moving, source).catch(() => undefined);
  await source.poured;
  source.push(Buffer.from("half"));
  await rig.rig.app.drain();
  await cut;
  await rig.rig.app.duties.recordActivity();
  await rig.clock.advance(TIMEOUT_MS * 3);
  await rig.restart();
  const session = await rig.session();
  assert.equal(Date.parse(session.expiration_time), rig.clock.now() + TIMEOUT_MS);
  assert.equal((await rig.file("ready.iso")).status, "READY");
  const waiting = await rig.file("moving.iso");
  assert.equal(waiting.status, "WAITING_FOR_TRANSFER");
  assert.deepEqual(waiting.upload_endpoint, moving.upload_endpoint);
  await rig.send(moving, "whole");
  await rig.complete();
});

test("a session that had lapsed while the server was known to live ends at the start", async () => {
  const rig = await SessionRig.open();
  await rig.clock.advance(TIMEOUT_MS);
  await rig.storage.catalog.housekeeping.noteAlive(rig.clock.now());
  await rig.restart();
  await refusedWith("update_session.expired", rig.session());
});

test("a READY file whose bytes are gone waits for them again after a start, and the operator is told", async () => {
  const rig = await SessionRig.open();
  await rig.send(await rig.add("boot.iso"), "received");
  for (const stagedId of await rig.staged()) await rig.storage.blobs.release(stagedId as never);
  await rig.restart();
  assert.equal((await rig.file("boot.iso")).status, "WAITING_FOR_TRANSFER");
  assert.deepEqual(
    rig.rig.journal.troubles.map((trouble) => trouble.where),
    ["starting"],
  );
});

// S73
test("the sweeper takes staged bytes that nobody owns, and leaves those of running transfers and READY files", async () => {
  const rig = await SessionRig.open();
  await rig.send(await rig.add("ready.iso"), "received");
  const source = new HandSource();
  const sending = rig.send(await rig.add("moving.iso"), source);
  await source.poured;
  source.push(Buffer.from("half"));
  const orphan = "11111111-0000-4000-8000-000000000001" as never;
  await rig.storage.blobs.stage(orphan, sourceOf([Buffer.from("left by a crash")]), {
    algorithms: [],
    signal: STAYS,
    onProgress: () => undefined,
  });
  await rig.rig.app.duties.sweepStaging();
  assert.equal((await rig.staged()).includes(orphan), false);
  source.push(Buffer.from("more"));
  source.end();
  await sending;
  await rig.rig.app.duties.sweepStaging();
  await rig.complete();
  assert.equal((await rig.itemFiles()).length, 2);
});

test("replaced content that no revision keeps is collected, but not while a download session reads it", async () => {
  const rig = await SessionRig.open();
  rig.rig = await startApp(rig.clock, rig.storage, { ...RIG_SETTINGS, revisionsKept: 1 });
  await rig.send(await rig.add("boot.iso"), "old content");
  await rig.complete();
  const { handlers, transfers, duties } = rig.rig.app;
  const create_spec = { library_item_id: rig.itemId };
  const download_session_id = await handlers["downloadSession.create"]({ create_spec }, aCall());
  await rig.openSession();
  await rig.send(await rig.add("boot.iso"), "new content!");
  await rig.complete();
  await rig.clock.advance(120_000);
  await duties.collectBlobs();
  const prepared = await handlers["downloadSessionFile.prepare"](
    { download_session_id, file_name: "boot.iso" },
    aCall(),
  );
  const slot = await transfers.openDownload(segmentOf(prepared.download_endpoint?.uri ?? ""));
  assert.equal(slot.sizeBytes, "old content".length);
  slot.close();
  await handlers["downloadSession.delete"]({ download_session_id }, aCall());
  await rig.clock.advance(120_000);
  await duties.collectBlobs();
  const stored = await Array.fromAsync(rig.storage.blobs.list());
  assert.deepEqual(
    stored.map((blob) => blob.sizeBytes),
    ["new content!".length],
  );
});

test("deleting an item or its library cancels its sessions, cuts their transfers, and leaves them readable", async () => {
  for (const what of ["item", "library"] as const) {
    const rig = await SessionRig.open();
    const source = new HandSource();
    const sending = refusedWith(
      "transfer.session_ended",
      rig.send(await rig.add("boot.iso"), source),
    );
    await source.poured;
    source.push(Buffer.from("half"));
    if (what === "item")
      await rig.handlers["item.delete"]({ library_item_id: rig.itemId }, aCall());
    else {
      const { library_id } = await rig.item();
      await rig.handlers["localLibrary.delete"]({ library_id }, aCall());
    }
    await sending;
    assert.equal((await rig.session()).state, "CANCELED");
    assert.deepEqual(await rig.staged(), []);
    assert.deepEqual(await wholeList(await rig.handlers["updateSession.list"]({}, aCall())), []);
  }
});
