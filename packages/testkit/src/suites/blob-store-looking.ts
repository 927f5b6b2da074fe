import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import type { BlobStore } from "@contentlib/server/ports/blob-store";
import { aDigest, aStagedId } from "../builders/ids.ts";
import { someBytes, sourceOf } from "../bytes/byte-sources.ts";
import { readOpenBlob } from "../bytes/read-blob.ts";
import { stageOptions, storeBytes } from "../bytes/stage-bytes.ts";
import { portErrorWith } from "../errors/port-error-with.ts";
import { type BlobStoreSubject, withStore } from "./blob-store-subject.ts";

const BYTES = someBytes(1_500_001);
const NEVER = new AbortController().signal;

const stageBytes = async (store: BlobStore) => {
  const outcome = await store.stage(aStagedId(), sourceOf([BYTES]), stageOptions());
  assert.ok(outcome.kind === "staged");
  return outcome.blob;
};

const describeStagedReading = (subject: BlobStoreSubject): void => {
  it("reads staged bytes, and to their end when they are promoted or released meanwhile", async () => {
    await withStore(subject.open(), async (store) => {
      const staged = await stageBytes(store);
      const [read, beforePromote] = [
        await store.openStaged(staged.stagedId),
        await store.openStaged(staged.stagedId),
      ];
      assert.equal(read.sizeBytes, BYTES.byteLength);
      assert.ok(Buffer.from(BYTES).equals(await readOpenBlob(read)));
      await store.promote(staged.stagedId, staged.digest);
      assert.ok(Buffer.from(BYTES).equals(await readOpenBlob(beforePromote)));
      await assert.rejects(store.openStaged(staged.stagedId), portErrorWith("absent"));
      const other = await stageBytes(store);
      const beforeRelease = await store.openStaged(other.stagedId);
      await store.release(other.stagedId);
      assert.ok(Buffer.from(BYTES).equals(await readOpenBlob(beforeRelease)));
    });
  });

  it("opens nothing that is not staged, or not finished", async () => {
    await withStore(subject.open(), async (store) => {
      await assert.rejects(store.openStaged(aStagedId()), portErrorWith("absent"));
      const stagedId = aStagedId();
      await store.partials.append(stagedId, sourceOf([BYTES]), {
        offsetBytes: 0,
        algorithms: [],
        signal: NEVER,
        onProgress: () => undefined,
        onDurable: () => undefined,
      });
      await assert.rejects(store.openStaged(stagedId), portErrorWith("absent"));
      const { byteLength: sizeBytes } = BYTES;
      await store.partials.finish(stagedId, { sizeBytes, algorithms: [], signal: NEVER });
      assert.ok(Buffer.from(BYTES).equals(await readOpenBlob(await store.openStaged(stagedId))));
    });
  });
};

const describeStoredDigests = (subject: BlobStoreSubject): void => {
  it("tells digests of a stored blob, in the order in which they are asked for", async () => {
    await withStore(subject.open(), async (store) => {
      const digest = await storeBytes(store, BYTES);
      const hexOf = (name: string): string => createHash(name).update(BYTES).digest("hex");
      assert.deepEqual(await store.checksumsOf(digest, ["SHA512", "SHA1"], { signal: NEVER }), [
        { algorithm: "SHA512", hex: hexOf("sha512") },
        { algorithm: "SHA1", hex: hexOf("sha1") },
      ]);
      assert.deepEqual(await store.checksumsOf(digest, [], { signal: NEVER }), []);
      const empty = await storeBytes(store, new Uint8Array());
      const [sha1] = await store.checksumsOf(empty, ["SHA1"], { signal: NEVER });
      assert.equal(sha1?.hex, createHash("sha1").digest("hex"));
    });
  });

  it("tells none of a blob that is not there, nor to whom does not wait", async () => {
    await withStore(subject.open(), async (store) => {
      await assert.rejects(
        store.checksumsOf(aDigest(), ["SHA1"], { signal: NEVER }),
        portErrorWith("absent"),
      );
      const digest = await storeBytes(store, BYTES);
      await assert.rejects(
        store.checksumsOf(digest, ["SHA1"], { signal: AbortSignal.abort() }),
        portErrorWith("cancelled"),
      );
    });
  });
};

/** What is looked up of bytes beside their reading: those that are staged only, and other digests than the one they are known by. */
export const describeLooking = (subject: BlobStoreSubject): void => {
  describe("looking into bytes", () => {
    describeStagedReading(subject);
    describeStoredDigests(subject);
  });
};
