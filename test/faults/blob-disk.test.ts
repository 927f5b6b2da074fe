import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe } from "node:test";
import type { DiskBlobStore } from "@contentlib/server/adapters/blobs/disk/disk-blob-store";
import type { StagedBlob } from "@contentlib/server/ports/blob-store";
import { someBytes } from "@contentlib/testkit/bytes/byte-sources";
import { collected, readBlob } from "@contentlib/testkit/bytes/read-blob";
import { stageBytes, storeBytes } from "@contentlib/testkit/bytes/stage-bytes";
import {
  type DiskTrial,
  itOnFailingDisks,
  orFailed,
} from "@contentlib/testkit/faults/blob-disk-trials";

const KIB = 1024;
const BYTES = someBytes(800 * KIB);

/** Everything a store does, each step tried once; gives what was staged and where that went. */
const useOnce = async (
  store: DiskBlobStore,
): Promise<{ staged: StagedBlob | null; promoted: boolean }> => {
  const staged = await orFailed(stageBytes(store, BYTES));
  if (staged === null) return { staged, promoted: false };
  const promoted =
    (await orFailed(store.promote(staged.stagedId, staged.digest).then(() => true))) ?? false;
  if (promoted) {
    await orFailed(readBlob(store, staged.digest));
    const again = await orFailed(stageBytes(store, BYTES));
    if (again !== null) await orFailed(store.promote(again.stagedId, again.digest));
    await orFailed(collected(store.list()));
    await orFailed(collected(store.listStaged()));
  }
  return { staged, promoted };
};

/** That each blob holds the bytes its name stands for. */
const assertNoHalfBlob = async (store: DiskBlobStore): Promise<void> => {
  for await (const { digest, sizeBytes } of store.list()) {
    const bytes = await readBlob(store, digest);
    assert.equal(sizeBytes, bytes.byteLength);
    assert.equal(createHash("sha256").update(bytes).digest("hex"), digest);
  }
};

const runOnce = async ({ fault, openFaulty, openSound }: DiskTrial): Promise<void> => {
  const faulty = await openFaulty();
  const { staged, promoted } =
    faulty === null ? { staged: null, promoted: false } : await useOnce(faulty);
  await faulty?.close();

  const sound = await openSound();
  await assertNoHalfBlob(sound);
  if (promoted) assert.equal((await collected(sound.list())).length, 1);
  // A single failure leaves its transfer able to clean up behind itself.
  if (fault.times === "once" && staged === null)
    assert.deepEqual(await collected(sound.listStaged()), []);
  if (staged !== null) await sound.promote(staged.stagedId, staged.digest);
  const digest = await storeBytes(sound, BYTES);
  assert.ok(Buffer.from(BYTES).equals(await readBlob(sound, digest)));
};

describe("a disk that fails", () => {
  itOnFailingDisks("leaves no half blob", 40, runOnce);
});
