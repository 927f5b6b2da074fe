import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceOf } from "@contentlib/testkit/bytes/byte-sources";
import { blobStoreAround } from "@contentlib/testkit/faults/blob-store-around";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";

/** Bytes whose number nobody tells before they are there. */
const untold = (text: string) => sourceOf([Buffer.from(text)]);

/** Status, bytes and what is staged: what no refusal may change. */
const present = async (rig: SessionRig): Promise<readonly unknown[]> => {
  const shown = await rig.file("boot.iso");
  return [shown.status, shown.bytes_transferred, await rig.staged()];
};

test("a length told with bytes is kept, and may not be contradicted", async () => {
  // S75
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso");
  await rig.append(file, "0123", { lengthBytes: 10 });
  assert.equal((await rig.resume(file)).lengthBytes, 10);
  const before = await present(rig);
  const at = { offsetBytes: 4 };
  await refusedWith("transfer.length_mismatch", rig.append(file, "45", { ...at, lengthBytes: 9 }));
  await refusedWith("transfer.length_mismatch", rig.append(file, "4567890", at));
  await refusedWith("transfer.length_mismatch", rig.append(file, "45", { ...at, isLast: true }));
  assert.deepEqual(await present(rig), before);
  assert.equal((await rig.append(file, "456789", at)).isComplete, true);
});

test("a length told without bytes is kept as well", async () => {
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso");
  await rig.append(file, "", { lengthBytes: 3 });
  const { offsetBytes, lengthBytes, isComplete } = await rig.resume(file);
  assert.deepEqual([offsetBytes, lengthBytes, isComplete], [0, 3, false]);
});

test("a told length may not be less than what is here, and is not kept then", async () => {
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso");
  await rig.append(file, "0123456789");
  const less = { offsetBytes: 10, lengthBytes: 5, contentLengthBytes: null };
  await refusedWith("transfer.length_mismatch", rig.append(file, "", less));
  assert.equal((await rig.resume(file)).lengthBytes, null);
  await rig.append(file, "ab", { offsetBytes: 10, lengthBytes: 12 });
  assert.equal((await rig.file("boot.iso")).status, "READY");
});

test("a told length may not contradict the declared size", async () => {
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso", { size: 10 });
  const before = await present(rig);
  await refusedWith("transfer.length_mismatch", rig.append(file, "01", { lengthBytes: 9 }));
  assert.deepEqual(await present(rig), before);
  await rig.append(file, "01", { lengthBytes: 10 });
});

test("too many bytes, found out while they come, are dropped; those before them stay", async () => {
  for (const size of [10, undefined]) {
    const rig = await SessionRig.open();
    const file = await rig.add("boot.iso", size === undefined ? {} : { size });
    await rig.append(file, "0123", { lengthBytes: 10 });
    const before = await present(rig);
    const at = { offsetBytes: 4 };
    await refusedWith("transfer.length_mismatch", rig.append(file, untold("456789ab"), at));
    assert.deepEqual(await present(rig), before);
    assert.equal((await rig.append(file, untold("456789"), at)).isComplete, true);
  }
});

test("bytes that were counted before there were too many are not counted any more", async () => {
  const rig = await SessionRig.open((storage) => ({
    ...storage,
    blobs: {
      ...blobStoreAround(storage.blobs, (_verb, proceed) => proceed()),
      partials: {
        finish: (...args) => storage.blobs.partials.finish(...args),
        checksumsOf: (...args) => storage.blobs.partials.checksumsOf(...args),
        prefixDigest: (...args) => storage.blobs.partials.prefixDigest(...args),
        sizeOf: (stagedId) => storage.blobs.partials.sizeOf(stagedId),
        append: (stagedId, source, options) => {
          // As a disk does that has synced while bytes come.
          const onProgress = (receivedBytes: number): void => {
            options.onProgress(receivedBytes);
            options.onDurable(receivedBytes);
          };
          return storage.blobs.partials.append(stagedId, source, { ...options, onProgress });
        },
      },
    },
  }));
  const file = await rig.add("boot.iso", { size: 10 });
  await rig.append(file, "0123");
  const pieces = sourceOf(["45", "67", "89abc"].map((text) => Buffer.from(text)));
  await refusedWith("transfer.length_mismatch", rig.append(file, pieces, { offsetBytes: 4 }));
  assert.equal((await rig.file("boot.iso")).bytes_transferred, 4);
  assert.equal((await rig.append(file, "456789", { offsetBytes: 4 })).isComplete, true);
});

test("last bytes that turn out to be too few are kept, and more can follow", async () => {
  const rig = await SessionRig.open();
  const file = await rig.add("boot.iso", { size: 10 });
  await refusedWith("transfer.length_mismatch", rig.append(file, untold("0123"), { isLast: true }));
  assert.equal((await rig.resume(file)).offsetBytes, 4);
  assert.equal((await rig.append(file, "456789", { offsetBytes: 4 })).isComplete, true);
});

test("a file of no bytes is whole as soon as its length is told", async () => {
  const rig = await SessionRig.open();
  const file = await rig.add("empty.txt");
  const whole = { offsetBytes: 0, isComplete: true };
  assert.deepEqual(await rig.append(file, "", { lengthBytes: 0 }), whole);
  const other = await rig.add("other.txt");
  assert.deepEqual(await rig.append(other, "", { isLast: true }), whole);
  await rig.complete();
});
