import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import type { Checksum } from "@contentlib/server/domain/checksum";
import { aStagedId } from "../builders/ids.ts";
import { appendBytes, appendOptions, finishPartial, prefixDigest } from "../bytes/append-bytes.ts";
import { cut, HandSource, someBytes, sourceOf } from "../bytes/byte-sources.ts";
import { collected, readBlob } from "../bytes/read-blob.ts";
import { stageBytes } from "../bytes/stage-bytes.ts";
import { portErrorWith } from "../errors/port-error-with.ts";
import { type BlobStoreSubject, withStore } from "./blob-store-subject.ts";

const KIB = 1024;
const BYTES = someBytes(900 * KIB);
const FIRST = BYTES.subarray(0, 500 * KIB);
const REST = BYTES.subarray(500 * KIB);

const sha1 = (bytes: Uint8Array): Checksum => ({
  algorithm: "SHA1",
  hex: createHash("sha1").update(bytes).digest("hex"),
});
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** What a partial that comes in pieces must do. */
export const describePartials = (subject: BlobStoreSubject): void => {
  describe("partials", () => {
    comeInPieces(subject);
    finish(subject);
    refuse(subject);
  });
};

const comeInPieces = (subject: BlobStoreSubject): void => {
  it("become one blob", async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = aStagedId();
      const first = await appendBytes(store, stagedId, { bytes: FIRST });
      assert.deepEqual(first, {
        kind: "appended",
        durableBytes: FIRST.byteLength,
        sizeBytes: FIRST.byteLength,
      });
      assert.deepEqual(await collected(store.listStaged()), [stagedId]);
      const rest = await appendBytes(store, stagedId, {
        bytes: REST,
        offsetBytes: FIRST.byteLength,
      });
      assert.equal(rest.durableBytes, BYTES.byteLength);
      const blob = await finishPartial(store, stagedId, { sizeBytes: BYTES.byteLength });
      assert.deepEqual(blob, {
        stagedId,
        digest: sha256(BYTES),
        sizeBytes: BYTES.byteLength,
        checksums: [],
      });
      assert.deepEqual(await collected(store.listStaged()), [stagedId]);
      await store.promote(stagedId, blob.digest);
      assert.ok(Buffer.from(BYTES).equals(await readBlob(store, blob.digest)));
      assert.deepEqual(await collected(store.listStaged()), []);
    });
  });

  it("drop what lies behind the offset", async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = aStagedId();
      await appendBytes(store, stagedId, { bytes: BYTES });
      const bytes = Buffer.concat([BYTES.subarray(0, 7), FIRST]);
      await appendBytes(store, stagedId, { bytes: FIRST, offsetBytes: 7 });
      const { digest } = await finishPartial(store, stagedId, { sizeBytes: bytes.byteLength });
      await store.promote(stagedId, digest);
      assert.ok(bytes.equals(await readBlob(store, digest)));
    });
  });

  it("are made anew by an append from the start", async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = aStagedId();
      await appendBytes(store, stagedId, { bytes: BYTES });
      await appendBytes(store, stagedId, { bytes: FIRST });
      await assert.rejects(
        finishPartial(store, stagedId, { sizeBytes: BYTES.byteLength }),
        portErrorWith("absent"),
      );
      const { digest } = await finishPartial(store, stagedId, { sizeBytes: FIRST.byteLength });
      assert.equal(digest, sha256(FIRST));
    });
  });

  it("tell the size of the whole as it comes, and no less than before of what is safe", async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = aStagedId();
      await appendBytes(store, stagedId, { bytes: FIRST });
      const progress: number[] = [];
      const durable: number[] = [];
      const bytes = someBytes(5 * 1024 * KIB);
      await store.partials.append(
        stagedId,
        sourceOf(cut(bytes, [1024 * KIB])),
        appendOptions({
          offsetBytes: FIRST.byteLength,
          onProgress: (receivedBytes) => progress.push(receivedBytes),
          onDurable: (durableBytes) => durable.push(durableBytes),
        }),
      );
      assert.deepEqual(
        progress,
        [1, 2, 3, 4, 5].map((mib) => FIRST.byteLength + mib * 1024 * KIB),
      );
      assert.deepEqual(
        durable,
        durable.toSorted((one, other) => one - other),
      );
      assert.equal(new Set(durable).size, durable.length);
      assert.equal(durable.at(-1), FIRST.byteLength + bytes.byteLength);
    });
  });

  it("may be said to be finished next, which changes nothing but what is told", async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = aStagedId();
      const told: number[] = [];
      const outcome = await appendBytes(store, stagedId, {
        bytes: FIRST,
        finishes: true,
        onDurable: (durableBytes) => told.push(durableBytes),
      });
      assert.ok(outcome.kind === "appended" && outcome.sizeBytes === FIRST.byteLength);
      assert.equal(outcome.durableBytes, told.at(-1) ?? 0);
      const { digest } = await finishPartial(store, stagedId, { sizeBytes: FIRST.byteLength });
      await store.promote(stagedId, digest);
      assert.ok(Buffer.from(FIRST).equals(await readBlob(store, digest)));
    });
  });
};

const finish = (subject: BlobStoreSubject): void => {
  it("are finished again with the same answer", async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = aStagedId();
      await appendBytes(store, stagedId, { bytes: FIRST, algorithms: ["SHA1"] });
      const wanted = { sizeBytes: FIRST.byteLength, algorithms: ["SHA1"] as const };
      const blob = await finishPartial(store, stagedId, wanted);
      assert.deepEqual(blob.checksums, [sha1(FIRST)]);
      assert.deepEqual(await finishPartial(store, stagedId, wanted), blob);
      await store.promote(stagedId, blob.digest);
      assert.ok(Buffer.from(FIRST).equals(await readBlob(store, blob.digest)));
    });
  });

  it("are cut to the size that they are finished with", async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = aStagedId();
      await appendBytes(store, stagedId, { bytes: BYTES });
      const { digest } = await finishPartial(store, stagedId, { sizeBytes: FIRST.byteLength });
      await store.promote(stagedId, digest);
      assert.ok(Buffer.from(FIRST).equals(await readBlob(store, digest)));
    });
  });

  it("may have no bytes at all", async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = aStagedId();
      const outcome = await appendBytes(store, stagedId, { bytes: new Uint8Array(0) });
      assert.deepEqual(outcome, { kind: "appended", durableBytes: 0, sizeBytes: 0 });
      const { digest } = await finishPartial(store, stagedId, { sizeBytes: 0 });
      assert.equal(digest, sha256(new Uint8Array(0)));
    });
  });

  it("are absent without as many bytes, or without any", async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = aStagedId();
      const wanted = { sizeBytes: FIRST.byteLength + 1 };
      const isAbsent = portErrorWith("absent");
      await assert.rejects(finishPartial(store, stagedId, wanted), isAbsent);
      await assert.rejects(prefixDigest(store, stagedId, { prefixBytes: 0 }), isAbsent);
      await appendBytes(store, stagedId, { bytes: FIRST });
      await assert.rejects(finishPartial(store, stagedId, wanted), isAbsent);
      const tooMany = prefixDigest(store, stagedId, { prefixBytes: wanted.sizeBytes });
      await assert.rejects(tooMany, isAbsent);
      await finishPartial(store, stagedId, { sizeBytes: FIRST.byteLength });
      await assert.rejects(finishPartial(store, stagedId, wanted), isAbsent);
    });
  });

  it("tell their size, finished or not, and none where there are none", async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = aStagedId();
      const sizeBytes = FIRST.byteLength;
      assert.equal(await store.partials.sizeOf(stagedId), null);
      await appendBytes(store, stagedId, { bytes: FIRST });
      assert.equal(await store.partials.sizeOf(stagedId), sizeBytes);
      const { digest } = await finishPartial(store, stagedId, { sizeBytes });
      assert.equal(await store.partials.sizeOf(stagedId), sizeBytes);
      await store.promote(stagedId, digest);
      assert.equal(await store.partials.sizeOf(stagedId), null);
      const other = aStagedId();
      await appendBytes(store, other, { bytes: FIRST });
      await store.release(other);
      assert.equal(await store.partials.sizeOf(other), null);
    });
  });

  it("can not be promoted before", async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = aStagedId();
      await appendBytes(store, stagedId, { bytes: FIRST });
      const digest = await prefixDigest(store, stagedId, { prefixBytes: FIRST.byteLength });
      await assert.rejects(store.promote(stagedId, digest), portErrorWith("absent"));
      await assert.rejects(store.open(digest), portErrorWith("absent"));
    });
  });
};

const refuse = (subject: BlobStoreSubject): void => {
  it("refuse an offset behind their end, and one of a partial that is not there", async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = aStagedId();
      const beyond = { bytes: REST, offsetBytes: FIRST.byteLength + 1 };
      await assert.rejects(appendBytes(store, stagedId, beyond), portErrorWith("absent"));
      await appendBytes(store, stagedId, { bytes: FIRST });
      await assert.rejects(appendBytes(store, stagedId, beyond), portErrorWith("absent"));
      const { digest } = await finishPartial(store, stagedId, { sizeBytes: FIRST.byteLength });
      assert.equal(digest, sha256(FIRST));
    });
  });

  it("refuse a second append, and a finish, while one is under way", async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = aStagedId();
      const source = new HandSource();
      const appending = store.partials.append(stagedId, source, appendOptions());
      await source.poured;
      source.push(FIRST.subarray(0, 1000));
      await assert.rejects(
        appendBytes(store, stagedId, { bytes: REST, offsetBytes: 0 }),
        portErrorWith("exists"),
      );
      await assert.rejects(
        finishPartial(store, stagedId, { sizeBytes: 1000 }),
        portErrorWith("exists"),
      );
      source.end();
      assert.equal((await appending).durableBytes, 1000);
    });
  });

  it("refuse bytes once they are finished", async () => {
    await withStore(subject.open(), async (store) => {
      const { stagedId, digest } = await stageBytes(store, FIRST);
      for (const offsetBytes of [0, FIRST.byteLength])
        await assert.rejects(
          appendBytes(store, stagedId, { bytes: REST, offsetBytes }),
          portErrorWith("exists"),
        );
      await store.promote(stagedId, digest);
      assert.ok(Buffer.from(FIRST).equals(await readBlob(store, digest)));
    });
  });
};
