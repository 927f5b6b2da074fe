import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import type { Checksum } from "@contentlib/server/domain/checksum";
import { aStagedId } from "../builders/ids.ts";
import { appendBytes, finishPartial } from "../bytes/append-bytes.ts";
import { someBytes } from "../bytes/byte-sources.ts";
import { type BlobStoreSubject, withStore } from "./blob-store-subject.ts";

const KIB = 1024;
const FIRST = someBytes(500 * KIB);

const sha1 = (bytes: Uint8Array): Checksum => ({
  algorithm: "SHA1",
  hex: createHash("sha1").update(bytes).digest("hex"),
});
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** What a piece of a partial must do that comes with a checksum of its own. */
export const describePartialsChecked = (subject: BlobStoreSubject): void => {
  describe("partials that are sent with checksums", () => {
    for (const from of ["the start", "the middle"] as const) {
      const offsetBytes = from === "the start" ? 0 : 1000;
      it(`keep bytes from ${from} that fit their checksum, and tell of them once`, async () => {
        await withStore(subject.open(), async (store) => {
          const stagedId = aStagedId();
          await appendBytes(store, stagedId, { bytes: FIRST.subarray(0, offsetBytes) });
          const durable: number[] = [];
          const bytes = someBytes(3 * 1024 * KIB);
          const outcome = await appendBytes(store, stagedId, {
            bytes,
            offsetBytes,
            checksum: sha1(bytes),
            onDurable: (durableBytes) => durable.push(durableBytes),
          });
          assert.equal(outcome.kind, "appended");
          assert.deepEqual(durable, [offsetBytes + bytes.byteLength]);
        });
      });

      it(`keep none from ${from} that do not fit, tell of none, and go on`, async () => {
        await withStore(subject.open(), async (store) => {
          const stagedId = aStagedId();
          await appendBytes(store, stagedId, { bytes: FIRST.subarray(0, offsetBytes) });
          const durable: number[] = [];
          const wrong = someBytes(3 * 1024 * KIB, 2);
          const outcome = await appendBytes(store, stagedId, {
            bytes: wrong,
            offsetBytes,
            checksum: sha1(FIRST),
            onDurable: (durableBytes) => durable.push(durableBytes),
          });
          assert.deepEqual(outcome, {
            kind: "misfit",
            durableBytes: offsetBytes,
            actual: sha1(wrong),
          });
          assert.deepEqual(durable, []);
          await appendBytes(store, stagedId, { bytes: FIRST.subarray(offsetBytes), offsetBytes });
          const { digest } = await finishPartial(store, stagedId, { sizeBytes: FIRST.byteLength });
          assert.equal(digest, sha256(FIRST));
        });
      });
    }
  });
};
