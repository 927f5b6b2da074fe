import type { BlobStore, PartialBlobs } from "@contentlib/server/ports/blob-store";

/** The calls of a blob store, with those of its partials. */
export type BlobVerb = Exclude<keyof BlobStore, "partials"> | keyof PartialBlobs;

/** Stands around each call of a blob store. */
export type AroundBlobVerb = <Result>(
  verb: BlobVerb,
  proceed: () => Promise<Result>,
) => Promise<Result>;

/** A store whose every call goes through `around`. */
export const blobStoreAround = (inner: BlobStore, around: AroundBlobVerb): BlobStore => ({
  partials: {
    append: (stagedId, source, options) =>
      around("append", () => inner.partials.append(stagedId, source, options)),
    finish: (stagedId, options) => around("finish", () => inner.partials.finish(stagedId, options)),
    checksumsOf: (stagedId, algorithms, options) =>
      around("checksumsOf", () => inner.partials.checksumsOf(stagedId, algorithms, options)),
    prefixDigest: (stagedId, prefixBytes, options) =>
      around("prefixDigest", () => inner.partials.prefixDigest(stagedId, prefixBytes, options)),
    sizeOf: (stagedId) => around("sizeOf", () => inner.partials.sizeOf(stagedId)),
  },
  stage: (stagedId, source, options) =>
    around("stage", () => inner.stage(stagedId, source, options)),
  promote: (stagedId, digest) => around("promote", () => inner.promote(stagedId, digest)),
  release: (stagedId) => around("release", () => inner.release(stagedId)),
  open: (digest) => around("open", () => inner.open(digest)),
  openStaged: (stagedId) => around("openStaged", () => inner.openStaged(stagedId)),
  checksumsOf: (digest, algorithms, options) =>
    around("checksumsOf", () => inner.checksumsOf(digest, algorithms, options)),
  delete: (digest) => around("delete", () => inner.delete(digest)),
  freeBytes: () => around("freeBytes", () => inner.freeBytes()),
  listStaged: async function* () {
    yield* await around("listStaged", async () => inner.listStaged());
  },
  list: async function* () {
    yield* await around("list", async () => inner.list());
  },
});
