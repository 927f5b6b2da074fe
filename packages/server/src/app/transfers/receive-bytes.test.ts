import assert from "node:assert/strict";
import { test } from "node:test";
import { HandSource, sourceOf } from "@contentlib/testkit/bytes/byte-sources";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith, SessionRig, STAYS } from "@contentlib/testkit/rigs/session-rig";
import { MemoryBlobStore } from "../../adapters/blobs/memory/memory-blob-store.ts";

test("bytes that arrive show at once, and as READY with their size when they are all there", async () => {
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso", { size: 10 });
  assert.equal(file.status, "WAITING_FOR_TRANSFER");
  const source = new HandSource();
  const sending = rig.send(file, source);
  await source.poured;
  source.push(Buffer.from("hello"));
  const moving = await rig.file("boot.iso");
  assert.deepEqual(
    [moving.status, moving.bytes_transferred, moving.size],
    ["TRANSFERRING", 5, undefined],
  );
  source.push(Buffer.from(" iso\n"));
  source.end();
  await sending;
  const ready = await rig.file("boot.iso");
  assert.deepEqual([ready.status, ready.bytes_transferred, ready.size], ["READY", 10, 10]);
  assert.deepEqual(ready.upload_endpoint, file.upload_endpoint);
});

test("the newest writer wins: the older one is cut at once and changes nothing", async () => {
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso");
  const older = new HandSource();
  const olderSending = refusedWith("transfer.superseded", rig.send(file, older));
  await older.poured;
  older.push(Buffer.from("older"));
  await rig.send(file, "newer bytes");
  assert.match(await olderSending, /superseded by a newer writer/);
  assert.ok(older.stopped);
  assert.equal((await rig.file("boot.iso")).size, 11);
  assert.equal((await rig.staged()).length, 1);
});

test("a second transfer of a READY file replaces its bytes; while it runs the session can not be completed", async () => {
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso");
  await rig.send(file, "first");
  const source = new HandSource();
  const sending = rig.send(file, source);
  await source.poured;
  source.push(Buffer.from("sec"));
  const text = await refusedWith("update_session.file_not_received", rig.complete());
  assert.match(text, /boot\.iso.*TRANSFERRING/);
  source.push(Buffer.from("ond"));
  source.end();
  await sending;
  await rig.complete();
  assert.equal((await rig.itemFiles())[0]?.size, 6);
  assert.deepEqual(await rig.staged(), []);
});

test("a broken transfer leaves the file waiting under the same endpoint, with what came, and the session ACTIVE", async () => {
  // S64
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso");
  const broken = sourceOf([Buffer.from("half")], { breakWith: new Error("The line went dead.") });
  await refusedWith("transfer.interrupted", rig.send(file, broken));
  const waiting = await rig.file("boot.iso");
  assert.deepEqual([waiting.status, waiting.bytes_transferred], ["WAITING_FOR_TRANSFER", 4]);
  assert.equal((await rig.session()).state, "ACTIVE");
  assert.equal((await rig.staged()).length, 1);
  await rig.send(file, "whole");
  assert.equal((await rig.staged()).length, 1, "what had come before is given up");
  await rig.complete();
});

test("a wrong checksum makes the file ERROR with both values; sent again to the same endpoint it is accepted", async () => {
  const rig = await SessionRig.open();
  const checksum = "b13d00f461bacf2559050aec375daca6fbec5436";
  const file = await rig.add("boot.iso", { checksum_info: { checksum } });
  const text = await refusedWith("transfer.checksum_mismatch", rig.send(file, "hello isO\n"));
  const wrong = await rig.file("boot.iso");
  assert.equal(wrong.status, "ERROR");
  assert.equal(wrong.error_message?.default_message, text);
  assert.match(text, new RegExp(`${checksum}.*[0-9a-f]{40}`));
  assert.deepEqual(await rig.staged(), []);
  await rig.send(file, "hello iso\n");
  assert.equal((await rig.file("boot.iso")).status, "READY");
});

test("an announced length other than the declared size is refused before a byte is read", async () => {
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso", { size: 10 });
  await refusedWith("transfer.size_mismatch", rig.openUpload(file, 11));
  assert.equal((await rig.file("boot.iso")).status, "ERROR");
  const slot = await rig.openUpload(file, 10);
  assert.equal((await rig.file("boot.iso")).status, "WAITING_FOR_TRANSFER");
  await slot.receive(sourceOf([Buffer.from("hello iso\n")]), STAYS);
  assert.equal((await rig.file("boot.iso")).status, "READY");
});

test("cancel cuts a running transfer, drops what came, and frees the item before it answers", async () => {
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso");
  await rig.send(await rig.add("other.iso"), "received before");
  const source = new HandSource();
  const sending = refusedWith("transfer.session_ended", rig.send(file, source));
  await source.poured;
  source.push(Buffer.from("some"));
  await rig.cancel();
  await sending;
  assert.ok(source.stopped);
  assert.deepEqual(await rig.staged(), []);
  assert.equal((await rig.session()).state, "CANCELED");
  await rig.openSession();
});

test("removing or adding a file again cuts its transfer, and its old endpoint is dead", async () => {
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso");
  const source = new HandSource();
  const sending = refusedWith("transfer.cut", rig.send(file, source));
  await source.poured;
  source.push(Buffer.from("some"));
  const again = await rig.add("boot.iso");
  await sending;
  assert.notDeepEqual(again.upload_endpoint, file.upload_endpoint);
  await refusedWith("transfer.unknown_endpoint", rig.send(file, "late"));
  await rig.send(again, "in time");
  assert.equal((await rig.file("boot.iso")).status, "READY");
});

test("a full storage fails the file, frees what it took, and the server goes on", async () => {
  const rig = await SessionRig.open((storage) => ({
    ...storage,
    blobs: new MemoryBlobStore({ clock: { now: () => 0 }, capacityBytes: 8 }),
  }));
  const big = await rig.add("big.iso");
  const text = await refusedWith("server.storage_full", rig.send(big, "more than eight bytes"));
  assert.match(text, /no room left for big\.iso/);
  const failed = await rig.file("big.iso");
  assert.deepEqual([failed.status, failed.error_message?.default_message], ["ERROR", text]);
  assert.deepEqual(await rig.staged(), []);
  await rig.send(await rig.add("small.iso"), "small");
  await refusedWith("update_session.file_not_received", rig.complete());
  await rig.handlers["updateSessionFile.remove"](
    { update_session_id: rig.sessionId, file_name: "big.iso" },
    aCall(),
  );
  await rig.complete();
});

test("a file that is removed while its upload is let in takes no byte of it", async () => {
  // S63
  let onRelease: (() => Promise<unknown>) | null = null;
  const rig = await SessionRig.open((storage) => {
    const { blobs } = storage;
    const release = blobs.release.bind(blobs);
    blobs.release = async (stagedId) => {
      const meanwhile = onRelease;
      onRelease = null;
      await meanwhile?.();
      await release(stagedId);
    };
    return storage;
  });
  const file = await rig.add("boot.iso");
  await rig.send(file, "first");
  onRelease = () =>
    rig.handlers["updateSessionFile.remove"](
      { update_session_id: rig.sessionId, file_name: "boot.iso" },
      aCall(),
    );
  const endless = new HandSource();
  const text = await refusedWith("transfer.cut", rig.send(file, endless));
  assert.match(text, /removed/);
  assert.deepEqual(await rig.staged(), []);
});
