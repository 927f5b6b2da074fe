import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import {
  CHECKSUM_ALGORITHMS,
  type Checksum,
  type ChecksumAlgorithm,
} from "@contentlib/server/domain/checksum";
import type { StagedId } from "@contentlib/server/domain/ids";
import type { BlobStore } from "@contentlib/server/ports/blob-store";
import fc from "fast-check";
import { aStagedId } from "../builders/ids.ts";
import { appendBytes, appendOptions, finishPartial, prefixDigest } from "../bytes/append-bytes.ts";
import { cut, someBytes, sourceOf } from "../bytes/byte-sources.ts";
import { readBlob } from "../bytes/read-blob.ts";
import { portErrorWith } from "../errors/port-error-with.ts";
import { type BlobStoreSubject, type OpenedBlobStore, withStore } from "./blob-store-subject.ts";

const KIB = 1024;
const RUNS = 25;

const hexOf = (algorithm: ChecksumAlgorithm, bytes: Uint8Array): string =>
  createHash(algorithm.toLowerCase()).update(bytes).digest("hex");

const checksumOf = (bytes: Uint8Array): Checksum => ({
  algorithm: "SHA1",
  hex: hexOf("SHA1", bytes),
});

/** One thing that happens to a partial on its way. */
const aStep = fc.record({
  sizeBytes: fc.oneof(
    fc.constantFrom(0, 1, 64 * KIB, 256 * KIB, 256 * KIB + 1),
    fc.integer({ min: 0, max: 700 * KIB }),
  ),
  end: fc.constantFrom("whole", "broken", "too much", "wrong", "checked"),
  next: fc.constantFrom("nothing", "nothing", "restart", "ask"),
});
type Step = typeof aStep extends fc.Arbitrary<infer S> ? S : never;

/** One partial on its way, through stores that may be restarted. */
class Journey {
  store: BlobStore;
  readonly stagedId: StagedId = aStagedId();
  readonly algorithms: readonly ChecksumAlgorithm[];
  readonly #opened: OpenedBlobStore;
  bytes = new Uint8Array(0);
  #turns = 0;

  constructor(opened: OpenedBlobStore, algorithms: readonly ChecksumAlgorithm[]) {
    this.#opened = opened;
    this.store = opened.store;
    this.algorithms = algorithms;
  }

  async take(step: Step): Promise<void> {
    this.#turns += 1;
    const more = someBytes(step.sizeBytes, this.#turns);
    if (await this.#append(more, step.end)) this.bytes = Buffer.concat([this.bytes, more]);
    if (step.next === "ask") await this.assertPrefixes();
    if (step.next === "restart") this.store = (await this.#opened.restart?.()) ?? this.store;
  }

  async assertPrefixes(): Promise<void> {
    for (const prefixBytes of [this.bytes.byteLength, Math.floor(this.bytes.byteLength / 2)]) {
      const digest = await prefixDigest(this.store, this.stagedId, { prefixBytes });
      assert.equal(digest, hexOf("SHA256", this.bytes.subarray(0, prefixBytes)));
    }
  }

  /** Whether the bytes count. */
  async #append(more: Uint8Array, end: Step["end"]): Promise<boolean> {
    const offsetBytes = this.bytes.byteLength;
    const isWrong = end === "wrong";
    const outcome = await this.store.partials.append(
      this.stagedId,
      sourceOf(cut(more), end === "broken" ? { breakWith: new Error("gone") } : {}),
      appendOptions({
        offsetBytes,
        algorithms: this.algorithms,
        ...(end === "too much" && { sizeLimitBytes: offsetBytes + more.byteLength - 1 }),
        ...(isWrong && { checksum: checksumOf(new Uint8Array([1])) }),
        ...(end === "checked" && { checksum: checksumOf(more) }),
      }),
    );
    const counts = outcome.kind === "appended" || outcome.kind === "interrupted";
    assert.equal(outcome.durableBytes, offsetBytes + (counts ? more.byteLength : 0));
    return counts;
  }
}

/** The digests of partials, whatever happens to them on the way. */
export const describePartialsDigests = (subject: BlobStoreSubject): void => {
  describe("digests of partials", () => {
    areThoseOfTheBytes(subject);
    canBeWaitedFor(subject);
  });
};

const areThoseOfTheBytes = (subject: BlobStoreSubject): void => {
  it("are those of the bytes, however they came, through restarts and breaks", async () => {
    const opening = subject.open();
    await withStore(opening, async () => {
      const opened = await opening;
      let store = opened.store;
      const law = fc.asyncProperty(
        fc.array(aStep, { minLength: 1, maxLength: 6 }),
        fc.subarray([...CHECKSUM_ALGORITHMS]),
        async (steps, algorithms) => {
          const journey = new Journey({ ...opened, store }, algorithms);
          for (const step of steps) await journey.take(step);
          store = journey.store;
          const { bytes, stagedId } = journey;
          const wanted = { sizeBytes: bytes.byteLength, algorithms };
          const blob = await finishPartial(store, stagedId, wanted);
          assert.equal(blob.digest, hexOf("SHA256", bytes));
          assert.deepEqual(
            blob.checksums,
            algorithms.map((algorithm) => ({ algorithm, hex: hexOf(algorithm, bytes) })),
          );
          await journey.assertPrefixes();
          await store.promote(stagedId, blob.digest);
          assert.ok(Buffer.from(bytes).equals(await readBlob(store, blob.digest)));
        },
      );
      await fc.assert(law, { numRuns: RUNS });
    });
  });

  it("may be other ones at the end than on the way", async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = aStagedId();
      const bytes = someBytes(600 * KIB);
      await appendBytes(store, stagedId, { bytes: bytes.subarray(0, 1000), algorithms: ["MD5"] });
      await appendBytes(store, stagedId, {
        bytes: bytes.subarray(1000),
        offsetBytes: 1000,
        algorithms: ["SHA1"],
      });
      const wanted = { sizeBytes: bytes.byteLength, algorithms: ["SHA512", "MD5"] as const };
      const { checksums } = await finishPartial(store, stagedId, wanted);
      assert.deepEqual(
        checksums,
        wanted.algorithms.map((algorithm) => ({ algorithm, hex: hexOf(algorithm, bytes) })),
      );
    });
  });
};

const canBeWaitedFor = (subject: BlobStoreSubject): void => {
  it("are not waited for by a caller that is gone, who can come back", async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = aStagedId();
      const bytes = someBytes(600 * KIB);
      await appendBytes(store, stagedId, { bytes });
      const signal = AbortSignal.abort();
      await assert.rejects(
        prefixDigest(store, stagedId, { prefixBytes: 1000, signal }),
        portErrorWith("cancelled"),
      );
      const sizeBytes = bytes.byteLength;
      await assert.rejects(
        finishPartial(store, stagedId, { sizeBytes, signal }),
        portErrorWith("cancelled"),
      );
      const { digest } = await finishPartial(store, stagedId, { sizeBytes });
      assert.equal(digest, hexOf("SHA256", bytes));
    });
  });
};
