import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aDigest, aStagedId } from "../builders/ids.ts";
import { someBytes } from "../bytes/byte-sources.ts";
import { collected, readBlob } from "../bytes/read-blob.ts";
import { stageBytes, storeBytes } from "../bytes/stage-bytes.ts";
import { portErrorWith } from "../errors/port-error-with.ts";
import { type BlobStoreSubject, withStore } from "./blob-store-subject.ts";

export const describePromoting = (subject: BlobStoreSubject): void => {
  describe("promoting", () => {
    promotes(subject);
    promotesAgain(subject);
    removes(subject);
  });
};

const promotes = (subject: BlobStoreSubject): void => {
  it("makes staged bytes a blob, which is listed and no longer staged", async () => {
    await withStore(subject.open(), async (store) => {
      const bytes = someBytes(100_000);
      const { stagedId, digest } = await stageBytes(store, bytes);
      await store.promote(stagedId, digest);
      assert.deepEqual(await readBlob(store, digest), Buffer.from(bytes));
      const [listed, ...others] = await collected(store.list());
      assert.deepEqual(others, []);
      assert.equal(listed?.digest, digest);
      assert.equal(listed?.sizeBytes, 100_000);
      assert.ok(Number.isInteger(listed?.storedAt));
      assert.deepEqual(await collected(store.listStaged()), []);
    });
  });

  it("makes a blob of no bytes", async () => {
    await withStore(subject.open(), async (store) => {
      const digest = await storeBytes(store, someBytes(0));
      assert.equal((await readBlob(store, digest)).byteLength, 0);
      assert.equal((await collected(store.list()))[0]?.sizeBytes, 0);
    });
  });

  it("is absent where there is neither a blob nor staged bytes", async () => {
    await withStore(subject.open(), async (store) => {
      await assert.rejects(store.promote(aStagedId(), aDigest()), portErrorWith("absent"));
    });
  });

  it("lists every blob once", async () => {
    await withStore(subject.open(), async (store) => {
      const digests = await Promise.all(
        [1, 2, 3, 4, 5].map((seed) => storeBytes(store, someBytes(1000, seed))),
      );
      const listed = await collected(store.list());
      assert.deepEqual(listed.map((blob) => blob.digest).toSorted(), digests.toSorted());
    });
  });
};

const promotesAgain = (subject: BlobStoreSubject): void => {
  it("is a no-op the second time, and for any staged id once the blob is there", async () => {
    await withStore(subject.open(), async (store) => {
      const bytes = someBytes(1000);
      const { stagedId, digest } = await stageBytes(store, bytes);
      await store.promote(stagedId, digest);
      const before = await collected(store.list());
      await store.promote(stagedId, digest);
      await store.promote(aStagedId(), digest);
      assert.deepEqual(await collected(store.list()), before);
      assert.deepEqual(await readBlob(store, digest), Buffer.from(bytes));
    });
  });

  it("stores the same bytes from two transfers once, and keeps neither staged", async () => {
    await withStore(subject.open(), async (store) => {
      const bytes = someBytes(1000);
      const one = await stageBytes(store, bytes);
      const other = await stageBytes(store, bytes);
      assert.equal(one.digest, other.digest);
      await store.promote(one.stagedId, one.digest);
      const before = await collected(store.list());
      await store.promote(other.stagedId, other.digest);
      assert.deepEqual(await collected(store.list()), before);
      assert.deepEqual(await collected(store.listStaged()), []);
    });
  });

  it("stores the same bytes once when the promotes run at once", async () => {
    await withStore(subject.open(), async (store) => {
      const bytes = someBytes(1000);
      const staged = await Promise.all([1, 2, 3, 4].map(() => stageBytes(store, bytes)));
      await Promise.all(staged.map(({ stagedId, digest }) => store.promote(stagedId, digest)));
      assert.equal((await collected(store.list())).length, 1);
      assert.deepEqual(await collected(store.listStaged()), []);
    });
  });
};

const removes = (subject: BlobStoreSubject): void => {
  it("can not promote what was released; releasing what is absent succeeds", async () => {
    await withStore(subject.open(), async (store) => {
      const { stagedId, digest } = await stageBytes(store, someBytes(1000));
      await store.release(stagedId);
      assert.deepEqual(await collected(store.listStaged()), []);
      await assert.rejects(store.promote(stagedId, digest), portErrorWith("absent"));
      await store.release(stagedId);
      await store.release(aStagedId());
    });
  });

  it("deletes a blob; deleting what is absent succeeds; the same bytes can be stored again", async () => {
    await withStore(subject.open(), async (store) => {
      const bytes = someBytes(1000);
      const digest = await storeBytes(store, bytes);
      await store.delete(digest);
      await assert.rejects(store.open(digest), portErrorWith("absent"));
      assert.deepEqual(await collected(store.list()), []);
      await store.delete(digest);
      assert.equal(await storeBytes(store, bytes), digest);
      assert.deepEqual(await readBlob(store, digest), Buffer.from(bytes));
    });
  });
};
