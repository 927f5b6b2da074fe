import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { sourceOf } from "@contentlib/testkit/bytes/byte-sources";
import { memoryStorage } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";
import type { Checksum } from "../../domain/checksum.ts";
import type { EntryId, UpdateSessionId } from "../../domain/ids.ts";
import { MemoryBlobStore } from "../../adapters/blobs/memory/memory-blob-store.ts";
import type { Catalog } from "../../ports/index.ts";

const sha1 = (text: string): Checksum => ({
  algorithm: "SHA1",
  hex: createHash("sha1").update(text).digest("hex"),
});

/** Bytes whose number nobody tells before they are there. */
const untold = (text: string) => sourceOf([Buffer.from(text)]);

const broken = (text: string) =>
  sourceOf([Buffer.from(text)], { breakWith: new Error("The line went dead.") });

/** Status, bytes and what is staged: what no refusal may change. */
const present = async (rig: SessionRig): Promise<readonly unknown[]> => {
  const shown = await rig.file("boot.iso");
  return [shown.status, shown.bytes_transferred, await rig.staged()];
};

test("a file comes in pieces, and is READY with the last one", async () => {
  // S64
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso", { size: 10 });
  assert.deepEqual(await rig.append(file, "0123"), { offsetBytes: 4, isComplete: false });
  assert.deepEqual((await present(rig)).slice(0, 2), ["WAITING_FOR_TRANSFER", 4]);
  const text = await refusedWith("update_session.file_not_received", rig.complete());
  assert.match(text, /4 of 10/);
  assert.deepEqual(await rig.append(file, "456789", { offsetBytes: 4 }), {
    offsetBytes: 10,
    isComplete: true,
  });
  const ready = await rig.file("boot.iso");
  assert.equal(ready.size, 10);
  assert.equal(
    ready.checksum_info?.checksum,
    createHash("sha256").update("0123456789").digest("hex"),
  );
  await rig.complete();
  assert.deepEqual(await rig.staged(), []);
});

test("bytes that were here before a piece are not moved once more", async () => {
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso", { size: 10 });
  await rig.append(file, "0123");
  await rig.append(file, "45", { offsetBytes: 4 });
  await rig.resume(file);
  await rig.append(file, "6789", { offsetBytes: 6 });
  assert.equal(rig.rig.app.watching.activity().movedBytes.upload, 10);
});

test("the declared checksum is taken over all pieces", async () => {
  const rig = await SessionRig.open();
  const { hex } = sha1("0123456789");
  const file = await rig.add("boot.iso", { checksum_info: { checksum: hex } });
  await rig.append(file, "0123");
  await rig.append(file, "456789", { offsetBytes: 4, isLast: true });
  assert.equal((await rig.file("boot.iso")).status, "READY");
});

test("an offset that is not where the bytes end is refused, told, and changes nothing", async () => {
  // S75
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso", { size: 10 });
  await rig.append(file, "0123");
  const before = await present(rig);
  for (const offsetBytes of [0, 3, 5, 10, 1e15]) {
    const text = await refusedWith(
      "transfer.offset_mismatch",
      rig.append(file, "", { offsetBytes }),
    );
    assert.match(text, /4 are here/);
  }
  assert.deepEqual(await present(rig), before);
  assert.equal((await rig.resume(file)).offsetBytes, 4);
});

test("a wrong declared checksum shows with the last byte: the file is in ERROR and can be sent again from 0", async () => {
  // S66
  const rig = await SessionRig.open();
  const { hex } = sha1("0123456789");
  const file = await rig.add("boot.iso", { size: 10, checksum_info: { checksum: hex } });
  await rig.append(file, "0123");
  const last = rig.append(file, "45678X", { offsetBytes: 4 });
  const text = await refusedWith("transfer.checksum_mismatch", last);
  const wrong = await rig.file("boot.iso");
  assert.deepEqual([wrong.status, wrong.error_message?.default_message], ["ERROR", text]);
  assert.deepEqual(await rig.staged(), []);
  const { offsetBytes, isComplete } = await rig.resume(file);
  assert.deepEqual([offsetBytes, isComplete], [0, false]);
  await rig.append(file, "0123456789");
  assert.equal((await rig.file("boot.iso")).status, "READY");
});

test("a file in ERROR stays so, with its reason, until bytes come that go on from 0", async () => {
  // S75
  const rig = await SessionRig.open();
  const { hex } = sha1("0123");
  const file = await rig.add("boot.iso", { size: 4, checksum_info: { checksum: hex } });
  await refusedWith("transfer.checksum_mismatch", rig.append(file, "0124"));
  const wrong = await rig.file("boot.iso");
  assert.equal(wrong.status, "ERROR");
  assert.equal((await rig.resume(file)).offsetBytes, 0);
  for (const [code, offsetBytes, lengthBytes] of [
    ["transfer.offset_mismatch", 4, null],
    ["transfer.length_mismatch", 0, 5],
  ] as const)
    await refusedWith(code, rig.append(file, "", { offsetBytes, lengthBytes }));
  assert.deepEqual(await rig.file("boot.iso"), wrong);
  assert.equal((await rig.append(file, "0123")).isComplete, true);
  assert.equal((await rig.file("boot.iso")).status, "READY");
});

test("bytes in pieces that do not fit their own checksum are dropped, the offset stays", async () => {
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso", { size: 10 });
  await rig.append(file, "0123", { checksum: sha1("0123") });
  const before = await present(rig);
  const at = { offsetBytes: 4 };
  const text = await refusedWith(
    "transfer.chunk_mismatch",
    rig.append(file, "45678X", { ...at, checksum: sha1("456789") }),
  );
  assert.match(text, new RegExp(`${sha1("456789").hex}.*${sha1("45678X").hex}`));
  assert.deepEqual(await present(rig), before);
  await rig.append(file, "456789", { ...at, checksum: sha1("456789") });
  assert.equal((await rig.file("boot.iso")).status, "READY");
});

test("a piece that breaks off keeps what came, unless it has a checksum of its own", async () => {
  // S64
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso", { size: 10 });
  const text = await refusedWith("transfer.interrupted", rig.append(file, broken("0123")));
  assert.match(text, /4 bytes are here/);
  const piece = rig.append(file, broken("45"), { offsetBytes: 4, checksum: sha1("456789") });
  await refusedWith("transfer.interrupted", piece);
  assert.equal((await rig.resume(file)).offsetBytes, 4);
});

test("no room in the middle of a piece keeps the pieces before it", async () => {
  // S68
  const rig = await SessionRig.open((storage) => ({
    ...storage,
    blobs: new MemoryBlobStore({ clock: { now: () => 0 }, capacityBytes: 8 }),
  }));
  const other = await rig.add("other.iso");
  await rig.send(other, "xyz");
  const file = await rig.add("boot.iso", { size: 6 });
  await rig.append(file, "0123");
  await refusedWith("server.storage_full", rig.append(file, "45", { offsetBytes: 4 }));
  const shown = await rig.file("boot.iso");
  assert.equal(shown.status, "WAITING_FOR_TRANSFER");
  await rig.drop(other);
  const { offsetBytes } = await rig.resume(file);
  assert.ok(offsetBytes >= 4);
  await rig.append(file, "012345".slice(offsetBytes), { offsetBytes });
  assert.equal((await rig.file("boot.iso")).status, "READY");
});

test("a READY file tells its end; nothing can be put there, and only nothing is let in", async () => {
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso");
  await rig.send(file, "0123");
  const { offsetBytes, lengthBytes, isComplete } = await rig.resume(file);
  assert.deepEqual([offsetBytes, lengthBytes, isComplete], [4, 4, true]);
  const before = await present(rig);
  const at = { offsetBytes: 4 };
  assert.deepEqual(await rig.append(file, "", at), { offsetBytes: 4, isComplete: true });
  assert.deepEqual(await rig.append(file, "", { ...at, isLast: true, lengthBytes: 4 }), {
    offsetBytes: 4,
    isComplete: true,
  });
  await refusedWith("transfer.offset_mismatch", rig.append(file, "0123"));
  await refusedWith("transfer.length_mismatch", rig.append(file, "4", at));
  await refusedWith("transfer.length_mismatch", rig.append(file, untold(""), at));
  await refusedWith("transfer.length_mismatch", rig.append(file, "", { ...at, lengthBytes: 5 }));
  assert.deepEqual(await present(rig), before);
});

test("whoever asks for a file whose last answer was lost gets it judged: no more bytes would come", async () => {
  // S76
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso", { size: 4 });
  await refusedWith("transfer.interrupted", rig.append(file, broken("0123")));
  const { offsetBytes, isComplete } = await rig.resume(file);
  assert.deepEqual([offsetBytes, isComplete], [4, true]);
  assert.equal((await rig.file("boot.iso")).status, "READY");
  const wrong = await rig.add("wrong.iso", {
    size: 4,
    checksum_info: { checksum: sha1("abcd").hex },
  });
  await refusedWith("transfer.interrupted", rig.append(wrong, broken("abcX")));
  await refusedWith("transfer.checksum_mismatch", rig.resume(wrong));
  assert.equal((await rig.file("wrong.iso")).status, "ERROR");
});

test("dropping what came, whole or not, lets the file wait for all of its bytes", async () => {
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso");
  await rig.append(file, "0123", { lengthBytes: 10 });
  await rig.drop(file);
  assert.deepEqual(await present(rig), ["WAITING_FOR_TRANSFER", 0, []]);
  await rig.append(file, "abc", { isLast: true });
  assert.equal((await rig.file("boot.iso")).size, 3);
  await rig.drop(file);
  assert.deepEqual(await present(rig), ["WAITING_FOR_TRANSFER", 0, []]);
  await rig.send(file, "whole");
  await rig.complete();
});

test("bytes that the catalog counts and the storage lost begin again at 0", async () => {
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso", { size: 10 });
  await rig.append(file, "0123");
  for (const stagedId of await rig.staged()) await rig.storage.blobs.release(stagedId as never);
  const text = await refusedWith(
    "transfer.offset_mismatch",
    rig.append(file, "456789", { offsetBytes: 4 }),
  );
  assert.match(text, /begin at 4, but 0 are here/);
  assert.equal(rig.rig.journal.troubles.length, 1);
  assert.equal((await rig.file("boot.iso")).bytes_transferred, 0);
  assert.equal((await rig.append(file, "0123456789")).isComplete, true);
});

test("bytes whose end was recorded nowhere before a crash begin again at 0, and nothing of them is left", async () => {
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso", { size: 10 });
  await rig.append(file, "0123");
  const [stagedId] = await rig.staged();
  const signal = new AbortController().signal;
  const { partials } = rig.storage.blobs;
  await partials.finish(stagedId as never, { sizeBytes: 4, algorithms: [], signal });
  await refusedWith("transfer.offset_mismatch", rig.append(file, "456789", { offsetBytes: 4 }));
  assert.deepEqual(await rig.staged(), []);
  assert.equal((await rig.append(file, "0123456789")).isComplete, true);
});

test("pieces for a session of ten thousand files cost what they cost for one", async () => {
  const reads = { count: 0 };
  const counted = (catalog: Catalog): Catalog =>
    new Proxy(catalog, {
      get: (target, name) => {
        if (name === "findSession" || name === "listPartials") reads.count += 1;
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
  const rig = await SessionRig.openOn(async (clock) => {
    const storage = await memoryStorage(clock);
    return { ...storage, catalog: counted(storage.catalog) };
  });
  const sessionId = rig.sessionId as UpdateSessionId;
  const entryOf = (number: number): EntryId =>
    `cccccccc-0000-4000-8000-${String(number).padStart(12, "0")}` as EntryId;
  const files = Array.from({ length: 9_999 }, (_, number) => ({
    kind: "session-file.put" as const,
    sessionId,
    file: {
      source: "PUSH" as const,
      name: `file ${number}`,
      entryId: entryOf(number),
      receipt: { status: "WAITING" as const },
    },
    rev: null,
  }));
  await rig.storage.catalog.commit(files);
  const file = await rig.add("boot.iso", { size: 6 });
  reads.count = 0;
  await rig.append(file, "01");
  await rig.append(file, "23", { offsetBytes: 2 });
  await rig.resume(file);
  await rig.append(file, "45", { offsetBytes: 4 });
  assert.equal(reads.count, 0, "nobody reads all files of the session");
});
