import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm } from "@contentlib/server/domain/checksum";
import fc from "fast-check";
import { aStagedId } from "../builders/ids.ts";
import { cut, someBytes, sourceOf } from "../bytes/byte-sources.ts";
import { readBlob } from "../bytes/read-blob.ts";
import { stageOptions } from "../bytes/stage-bytes.ts";
import { type BlobStoreSubject, withStore } from "./blob-store-subject.ts";

const KIB = 1024;
const RUNS = 40;

const hexOf = (algorithm: ChecksumAlgorithm, bytes: Uint8Array): string =>
  createHash(algorithm.toLowerCase()).update(bytes).digest("hex");

/** Sizes around the buffers that a store is likely to use, where mistakes live. */
const aSize = fc.oneof(
  fc.constantFrom(0, 1, 63, 64, 65),
  fc
    .tuple(fc.constantFrom(64, 128, 256, 512, 768, 1024, 2048), fc.integer({ min: -2, max: 2 }))
    .map(([kib, offset]) => kib * KIB + offset),
  fc.integer({ min: 0, max: 1300 * KIB }),
);

const chunkSizes = fc
  .array(
    fc.oneof(
      fc.integer({ min: 1, max: 2000 }),
      fc.constantFrom(16 * KIB, 64 * KIB, 256 * KIB, 256 * KIB + 1, 700 * KIB),
    ),
    // At least one large size, or a megabyte would come in crumbs.
    { minLength: 1, maxLength: 5 },
  )
  .map((sizes) => [...sizes, 64 * KIB]);

export const describeDigests = (subject: BlobStoreSubject): void => {
  describe("digests", () => {
    it("are those of the bytes, for each algorithm, however the bytes are cut", async () => {
      await withStore(subject.open(), async (store) => {
        const law = fc.asyncProperty(
          aSize,
          chunkSizes,
          fc.subarray([...CHECKSUM_ALGORITHMS]),
          fc.nat(),
          async (sizeBytes, cuts, algorithms, seed) => {
            const bytes = someBytes(sizeBytes, seed);
            const outcome = await store.stage(
              aStagedId(),
              sourceOf(cut(bytes, cuts)),
              stageOptions({ algorithms }),
            );
            assert.ok(outcome.kind === "staged");
            const { blob } = outcome;
            assert.equal(blob.sizeBytes, sizeBytes);
            assert.equal(blob.digest, hexOf("SHA256", bytes));
            assert.deepEqual(
              blob.checksums,
              algorithms.map((algorithm) => ({ algorithm, hex: hexOf(algorithm, bytes) })),
            );
            await store.promote(blob.stagedId, blob.digest);
            assert.ok(Buffer.from(bytes).equals(await readBlob(store, blob.digest)));
          },
        );
        await fc.assert(law, { numRuns: RUNS });
      });
    });
  });
};
