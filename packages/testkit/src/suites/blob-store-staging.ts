import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BlobStore, StageOutcome } from "@contentlib/server/ports/blob-store";
import { aStagedId } from "../builders/ids.ts";
import { cut, HandSource, someBytes, sourceOf } from "../bytes/byte-sources.ts";
import { collected, readBlob } from "../bytes/read-blob.ts";
import { stageBytes, stageOptions } from "../bytes/stage-bytes.ts";
import { portErrorWith } from "../errors/port-error-with.ts";
import { type BlobStoreSubject, withStore } from "./blob-store-subject.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** That a transfer which did not end well is gone, and that the store goes on. */
const assertNothingLeft = async (store: BlobStore): Promise<void> => {
  assert.deepEqual(await collected(store.listStaged()), []);
  assert.deepEqual(await collected(store.list()), []);
  const { stagedId } = await stageBytes(store, someBytes(10));
  assert.deepEqual(await collected(store.listStaged()), [stagedId]);
};

/** Runs one transfer of `source` in a fresh store, which must keep nothing of it. */
const assertFailing = async (
  subject: BlobStoreSubject,
  run: (store: BlobStore) => Promise<StageOutcome>,
  check: (outcome: StageOutcome) => void,
): Promise<void> => {
  await withStore(subject.open(), async (store) => {
    check(await run(store));
    await assertNothingLeft(store);
  });
};

export const describeStaging = (subject: BlobStoreSubject): void => {
  describe("staging", () => {
    stagesInvisibly(subject);
    endsEarly(subject);
    cancels(subject);
    movesTheSource(subject);
    runsOutOfRoom(subject);
  });
};

const stagesInvisibly = (subject: BlobStoreSubject): void => {
  it("keeps staged bytes out of sight until they are promoted", async () => {
    await withStore(subject.open(), async (store) => {
      const { digest, stagedId } = await stageBytes(store, someBytes(300 * KIB));
      await assert.rejects(store.open(digest), portErrorWith("absent"));
      assert.deepEqual(await collected(store.list()), []);
      assert.deepEqual(await collected(store.listStaged()), [stagedId]);
    });
  });

  it("lists a transfer that is under way", async () => {
    await withStore(subject.open(), async (store) => {
      const source = new HandSource();
      const stagedId = aStagedId();
      const staging = store.stage(stagedId, source, stageOptions());
      await source.poured;
      source.push(someBytes(10));
      assert.deepEqual(await collected(store.listStaged()), [stagedId]);
      source.end();
      assert.equal((await staging).kind, "staged");
      assert.deepEqual(await collected(store.listStaged()), [stagedId]);
    });
  });

  it("refuses a staged id that is in use, and keeps its bytes", async () => {
    await withStore(subject.open(), async (store) => {
      const bytes = someBytes(1000);
      const { stagedId, digest } = await stageBytes(store, bytes);
      await assert.rejects(stageBytes(store, someBytes(5), stagedId), portErrorWith("exists"));
      await store.promote(stagedId, digest);
      assert.deepEqual(await readBlob(store, digest), Buffer.from(bytes));
    });
  });

  it("tells the progress, up to the size", async () => {
    await withStore(subject.open(), async (store) => {
      const told: number[] = [];
      const source = sourceOf(cut(someBytes(100), [30]));
      await store.stage(
        aStagedId(),
        source,
        stageOptions({ onProgress: (receivedBytes) => told.push(receivedBytes) }),
      );
      assert.deepEqual(told, [30, 60, 90, 100]);
    });
  });
};

const endsEarly = (subject: BlobStoreSubject): void => {
  it("stops a source that sends more than the limit, and leaves nothing", async () => {
    const source = sourceOf(cut(someBytes(MIB), [10 * KIB]));
    await assertFailing(
      subject,
      (store) => store.stage(aStagedId(), source, stageOptions({ sizeLimitBytes: 300 * KIB })),
      (outcome) => assert.deepEqual(outcome, { kind: "too-long", receivedBytes: 310 * KIB }),
    );
    assert.equal(source.stopped, true);
  });

  it("takes exactly as many bytes as the limit allows", async () => {
    await withStore(subject.open(), async (store) => {
      const options = stageOptions({ sizeLimitBytes: 300 * KIB });
      const outcome = await store.stage(aStagedId(), sourceOf(cut(someBytes(300 * KIB))), options);
      assert.equal(outcome.kind, "staged");
    });
  });

  for (const sizeBytes of [0, 10, 700 * KIB]) {
    it(`says why a source broke after ${sizeBytes} bytes, and leaves nothing`, async () => {
      const reason = new Error("The line went dead.");
      await assertFailing(
        subject,
        (store) =>
          store.stage(
            aStagedId(),
            sourceOf(cut(someBytes(sizeBytes)), { breakWith: reason }),
            stageOptions(),
          ),
        (outcome) =>
          assert.deepEqual(outcome, { kind: "interrupted", receivedBytes: sizeBytes, reason }),
      );
    });
  }
};

const cancels = (subject: BlobStoreSubject): void => {
  it("stops when the signal aborts, and leaves nothing", async () => {
    const source = new HandSource();
    const cancel = new AbortController();
    await assertFailing(
      subject,
      async (store) => {
        const staging = store.stage(aStagedId(), source, stageOptions({ signal: cancel.signal }));
        await source.poured;
        source.push(someBytes(100));
        cancel.abort();
        return await staging;
      },
      (outcome) => assert.deepEqual(outcome, { kind: "cancelled", receivedBytes: 100 }),
    );
    assert.equal(source.stopped, true);
  });

  it("takes nothing when the signal has aborted before", async () => {
    await assertFailing(
      subject,
      (store) =>
        store.stage(
          aStagedId(),
          sourceOf([someBytes(10)]),
          stageOptions({ signal: AbortSignal.abort() }),
        ),
      (outcome) => assert.deepEqual(outcome, { kind: "cancelled", receivedBytes: 0 }),
    );
  });

  it("counts as cancelled when the signal aborts while the last bytes are made safe", async () => {
    const source = new HandSource();
    const cancel = new AbortController();
    await assertFailing(
      subject,
      async (store) => {
        const staging = store.stage(aStagedId(), source, stageOptions({ signal: cancel.signal }));
        await source.poured;
        source.push(someBytes(100));
        source.end();
        cancel.abort();
        return await staging;
      },
      (outcome) => assert.deepEqual(outcome, { kind: "cancelled", receivedBytes: 100 }),
    );
  });
};

const movesTheSource = (subject: BlobStoreSubject): void => {
  it("lets a paused source flow again until all has come", async () => {
    await withStore(subject.open(), async (store) => {
      const bytes = someBytes(9 * MIB);
      const { stagedId, digest } = await stageBytes(store, bytes);
      await store.promote(stagedId, digest);
      assert.ok(Buffer.from(bytes).equals(await readBlob(store, digest)));
    });
  });

  it("takes a chunk that is larger than any buffer, and an end that comes while the source is paused", async () => {
    await withStore(subject.open(), async (store) => {
      const bytes = someBytes(5 * MIB + 1);
      const source = new HandSource();
      const staging = store.stage(aStagedId(), source, stageOptions());
      await source.poured;
      source.push(bytes);
      source.end();
      const outcome = await staging;
      assert.ok(outcome.kind === "staged");
      await store.promote(outcome.blob.stagedId, outcome.blob.digest);
      assert.ok(Buffer.from(bytes).equals(await readBlob(store, outcome.blob.digest)));
    });
  });

  it("keeps transfers that run at once apart", async () => {
    await withStore(subject.open(), async (store) => {
      const contents = Array.from({ length: 6 }, (_, index) => someBytes(600 * KIB + index, index));
      const staged = await Promise.all(contents.map((bytes) => stageBytes(store, bytes)));
      for (const [index, { stagedId, digest }] of staged.entries()) {
        await store.promote(stagedId, digest);
        assert.deepEqual(await readBlob(store, digest), Buffer.from(contents[index] ?? []));
      }
    });
  });
};

const runsOutOfRoom = (subject: BlobStoreSubject): void => {
  const openWithRoomFor = subject.openWithRoomFor?.bind(subject);
  const skip = openWithRoomFor === undefined && "this platform offers no way to make a store small";
  it("is full when there is no room, leaves nothing, and goes on", { skip }, async () => {
    if (openWithRoomFor === undefined) return;
    await withStore(openWithRoomFor(MIB), async (store) => {
      const source = sourceOf(cut(someBytes(3 * MIB)));
      await assert.rejects(store.stage(aStagedId(), source, stageOptions()), portErrorWith("full"));
      assert.equal(source.stopped, true);
      await assertNothingLeft(store);
    });
  });

  it("says how much room is left", async () => {
    await withStore(subject.open(), async (store) => {
      const freeBytes = await store.freeBytes();
      assert.ok(Number.isInteger(freeBytes) && freeBytes > 0);
    });
  });
};
