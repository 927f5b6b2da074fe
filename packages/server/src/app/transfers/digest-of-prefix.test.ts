import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { sourceOf } from "@contentlib/testkit/bytes/byte-sources";
import { blobStoreAround } from "@contentlib/testkit/faults/blob-store-around";
import { segmentOf } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith, SessionRig, STAYS } from "@contentlib/testkit/rigs/session-rig";
import type { BlobStore, PrefixOptions } from "../../ports/index.ts";

const hexOf = (algorithm: string, text: string): string =>
  createHash(algorithm).update(text).digest("hex");

/** A rig that tells with which digests beside SHA-256 the store was asked for the one of first bytes. */
const openAsked = async () => {
  const asked: PrefixOptions["algorithms"][] = [];
  const around = ({ partials }: BlobStore): BlobStore["partials"] => ({
    append: (...args) => partials.append(...args),
    finish: (...args) => partials.finish(...args),
    sizeOf: (...args) => partials.sizeOf(...args),
    checksumsOf: (...args) => partials.checksumsOf(...args),
    prefixDigest: (stagedId, prefixBytes, options) => {
      asked.push(options.algorithms);
      return partials.prefixDigest(stagedId, prefixBytes, options);
    },
  });
  const rig = await SessionRig.open((storage) => ({
    ...storage,
    blobs: {
      ...blobStoreAround(storage.blobs, (_verb, proceed) => proceed()),
      partials: around(storage.blobs),
    },
  }));
  return { rig, asked };
};

type File = Awaited<ReturnType<SessionRig["add"]>>;

const digestOf = (rig: SessionRig, file: File) =>
  rig.rig.app.transfers.digestOfPrefix(segmentOf(file.upload_endpoint?.uri ?? ""), STAYS);

const breakOff = (rig: SessionRig, file: File): Promise<string> => {
  const broken = sourceOf([Buffer.from("0123")], { breakWith: new Error("The line went dead.") });
  return refusedWith("transfer.interrupted", rig.append(file, broken));
};

test("the digest of what is here is asked for with all that the file needs, so that its bytes are read once", async () => {
  const { rig, asked } = await openAsked();
  const checksum_info = { algorithm: "SHA1", checksum: hexOf("sha1", "01234567") } as const;
  const file = await rig.add("boot.iso", { size: 8, checksum_info });
  await breakOff(rig, file);
  assert.deepEqual(await digestOf(rig, file), { digest: hexOf("sha256", "0123"), sizeBytes: 4 });
  assert.deepEqual(asked, [["SHA1"]]);
  await rig.append(file, "4567", { offsetBytes: 4 });
  const whole = { digest: hexOf("sha256", "01234567"), sizeBytes: 8 };
  assert.deepEqual(await digestOf(rig, file), whole);
  assert.equal(asked.length, 1);
});

test("of a file that needs none but SHA-256 no other is asked for, and of nothing no digest is told", async () => {
  const { rig, asked } = await openAsked();
  const file = await rig.add("boot.iso", { size: 8 });
  assert.equal(await digestOf(rig, file), null);
  assert.deepEqual(asked, []);
  await breakOff(rig, file);
  assert.equal((await digestOf(rig, file))?.sizeBytes, 4);
  assert.deepEqual(asked, [[]]);
});
