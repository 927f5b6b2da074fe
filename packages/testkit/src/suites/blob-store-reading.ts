import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { BlobStore, OpenBlob, Pour } from "@contentlib/server/ports/blob-store";
import { aDigest } from "../builders/ids.ts";
import { someBytes } from "../bytes/byte-sources.ts";
import { readOpenBlob } from "../bytes/read-blob.ts";
import { storeBytes } from "../bytes/stage-bytes.ts";
import { portErrorWith } from "../errors/port-error-with.ts";
import { type BlobStoreSubject, withStore } from "./blob-store-subject.ts";

const SIZE_BYTES = 1_500_001;
const BYTES = someBytes(SIZE_BYTES);

/** Turns of the event loop in which a pour that does not obey would betray itself. */
const TURNS = 30;

const withBlob = async (
  subject: BlobStoreSubject,
  body: (blob: OpenBlob, store: BlobStore) => Promise<void>,
): Promise<void> => {
  await withStore(subject.open(), async (store) => {
    const blob = await store.open(await storeBytes(store, BYTES));
    try {
      await body(blob, store);
    } finally {
      blob.close();
    }
  });
};

/** A sink that takes one chunk at a time and counts what it is told. */
class SlowSink {
  readonly chunks: Uint8Array[] = [];
  readonly #over = Promise.withResolvers<void>();
  #onChunk = Promise.withResolvers<void>();
  ends = 0;
  failures = 0;

  chunk(bytes: Uint8Array): boolean {
    this.chunks.push(Uint8Array.from(bytes));
    this.#onChunk.resolve();
    this.#onChunk = Promise.withResolvers();
    return false;
  }

  end(): void {
    this.ends += 1;
    this.#over.resolve();
  }

  fail(): void {
    this.failures += 1;
    this.#over.resolve();
  }

  /** Resolves with the next chunk, or when nothing more comes. */
  async moved(): Promise<void> {
    await Promise.race([this.#onChunk.promise, this.#over.promise]);
  }
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < TURNS; turn += 1) await nextTurn();
};

export const describeReading = (subject: BlobStoreSubject): void => {
  describe("reading", () => {
    readsRanges(subject);
    obeysTheSink(subject);
    outlivesTheName(subject);
  });
};

const readsRanges = (subject: BlobStoreSubject): void => {
  it("is absent where there is no blob", async () => {
    await withStore(subject.open(), async (store) => {
      await assert.rejects(store.open(aDigest()), portErrorWith("absent"));
    });
  });

  const ranges: readonly (readonly [number, number])[] = [
    [0, SIZE_BYTES],
    [0, 0],
    [0, 1],
    [SIZE_BYTES, SIZE_BYTES],
    [SIZE_BYTES - 1, SIZE_BYTES],
    [65_535, 65_537],
    [262_144, 524_288],
    [262_143, 1_048_577],
  ];
  for (const [start, endExclusive] of ranges) {
    it(`gives the bytes from ${start} to ${endExclusive}`, async () => {
      await withBlob(subject, async (blob) => {
        assert.equal(blob.sizeBytes, SIZE_BYTES);
        const read = await readOpenBlob(blob, { start, endExclusive });
        assert.ok(Buffer.from(BYTES.subarray(start, endExclusive)).equals(read));
      });
    });
  }

  it("reads anew with each pour, also while another one runs", async () => {
    await withBlob(subject, async (blob) => {
      const [one, other] = await Promise.all([
        readOpenBlob(blob),
        readOpenBlob(blob, { start: 5, endExclusive: 900_000 }),
      ]);
      assert.ok(Buffer.from(BYTES).equals(one));
      assert.ok(Buffer.from(BYTES.subarray(5, 900_000)).equals(other));
    });
  });
};

const obeysTheSink = (subject: BlobStoreSubject): void => {
  it("pours nothing more until a sink that said no is ready, and ends once", async () => {
    await withBlob(subject, async (blob) => {
      const sink = new SlowSink();
      const pour: Pour = blob.pourInto(sink, { start: 0, endExclusive: SIZE_BYTES });
      await sink.moved();
      for (let seen = 1; sink.ends === 0; seen += 1) {
        await turns();
        assert.equal(sink.chunks.length, seen);
        const moved = sink.moved();
        pour.resume();
        await moved;
      }
      await turns();
      assert.deepEqual([sink.ends, sink.failures], [1, 0]);
      assert.ok(Buffer.from(BYTES).equals(Buffer.concat(sink.chunks)));
    });
  });

  it("calls the sink no more once it is stopped; stopping twice is harmless", async () => {
    await withBlob(subject, async (blob) => {
      const sink = new SlowSink();
      const pour = blob.pourInto(sink, { start: 0, endExclusive: SIZE_BYTES });
      await sink.moved();
      pour.stop();
      pour.resume();
      pour.stop();
      await turns();
      assert.deepEqual([sink.chunks.length, sink.ends, sink.failures], [1, 0, 0]);
    });
  });
};

const outlivesTheName = (subject: BlobStoreSubject): void => {
  it("goes on to the end when the blob is deleted meanwhile", async () => {
    await withBlob(subject, async (blob, store) => {
      const sink = new SlowSink();
      const pour = blob.pourInto(sink, { start: 0, endExclusive: SIZE_BYTES });
      await sink.moved();
      for await (const { digest } of store.list()) await store.delete(digest);
      while (sink.ends + sink.failures === 0) {
        const moved = sink.moved();
        pour.resume();
        await moved;
      }
      assert.ok(Buffer.from(BYTES).equals(Buffer.concat(sink.chunks)));
    });
  });

  it("reads a blob that was opened before it was deleted", async () => {
    await withBlob(subject, async (blob, store) => {
      for await (const { digest } of store.list()) await store.delete(digest);
      assert.ok(Buffer.from(BYTES).equals(await readOpenBlob(blob)));
    });
  });

  it("closes itself when the pour ends, and closing again is harmless", async () => {
    await withBlob(subject, async (blob) => {
      await readOpenBlob(blob);
      await turns();
      await assert.rejects(readOpenBlob(blob), portErrorWith("unavailable"));
      blob.close();
      blob.close();
    });
  });
};
