import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe } from "node:test";
import type { DiskBlobStore } from "@contentlib/server/adapters/blobs/disk/disk-blob-store";
import type { StagedBlob } from "@contentlib/server/ports/blob-store";
import { aStagedId } from "@contentlib/testkit/builders/ids";
import { appendOptions, finishPartial } from "@contentlib/testkit/bytes/append-bytes";
import { cut, someBytes, sourceOf } from "@contentlib/testkit/bytes/byte-sources";
import { collected, readBlob } from "@contentlib/testkit/bytes/read-blob";
import {
  type DiskTrial,
  itOnFailingDisks,
  orFailed,
} from "@contentlib/testkit/faults/blob-disk-trials";

const KIB = 1024;
const BYTES = someBytes(800 * KIB);
/** Where the line breaks when nothing else does. */
const BREAK_AT = 300 * KIB;
/** Tries in one store: the two pieces, and one more for each failure that a fault loop makes once. */
const TRIES = 4;

/** A client that sends on from what it was told is safe, until all of it is finished. */
class Sender {
  readonly stagedId = aStagedId();
  #durableBytes = 0;
  #isBroken = false;

  /** Null where the store failed too often. */
  async send(store: DiskBlobStore): Promise<StagedBlob | null> {
    for (let turn = 0; turn < TRIES; turn += 1) {
      if (this.#durableBytes < BYTES.byteLength) await orFailed(this.#append(store));
      if (this.#durableBytes < BYTES.byteLength) continue;
      const wanted = { sizeBytes: BYTES.byteLength };
      const blob = await orFailed(finishPartial(store, this.stagedId, wanted));
      if (blob !== null) return blob;
    }
    return null;
  }

  async #append(store: DiskBlobStore): Promise<void> {
    const breaks = !this.#isBroken;
    this.#isBroken = true;
    const end = breaks ? BREAK_AT : BYTES.byteLength;
    const source = sourceOf(
      cut(BYTES.subarray(this.#durableBytes, end)),
      breaks ? { breakWith: new Error("The line went dead.") } : {},
    );
    const options = appendOptions({
      offsetBytes: this.#durableBytes,
      onDurable: (durableBytes) => (this.#durableBytes = durableBytes),
    });
    this.#durableBytes = (await store.partials.append(this.stagedId, source, options)).durableBytes;
  }
}

const runOnce = async ({ fault, openFaulty, openSound }: DiskTrial): Promise<void> => {
  const sender = new Sender();
  const faulty = await openFaulty();
  const early = faulty === null ? null : await sender.send(faulty);
  if (faulty !== null && fault.times === "once") assert.ok(early !== null, "it did not recover");
  await faulty?.close();

  const sound = await openSound();
  const blob = early ?? (await sender.send(sound));
  assert.equal(blob?.digest, createHash("sha256").update(BYTES).digest("hex"));
  await sound.promote(blob.stagedId, blob.digest);
  assert.ok(Buffer.from(BYTES).equals(await readBlob(sound, blob.digest)));
  assert.deepEqual(await collected(sound.listStaged()), []);
  await sound.close();
};

describe("a partial on a disk that fails", () => {
  itOnFailingDisks("loses nothing that was told of", 30, runOnce);
});
