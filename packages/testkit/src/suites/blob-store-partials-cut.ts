import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import type { AppendOutcome, BlobStore } from "@contentlib/server/ports/blob-store";
import type { StagedId } from "@contentlib/server/domain/ids";
import { aStagedId } from "../builders/ids.ts";
import { appendBytes, appendOptions, finishPartial, prefixDigest } from "../bytes/append-bytes.ts";
import { cut, HandSource, someBytes, sourceOf } from "../bytes/byte-sources.ts";
import { collected, readBlob } from "../bytes/read-blob.ts";
import { portErrorWith } from "../errors/port-error-with.ts";
import { type BlobStoreSubject, withStore } from "./blob-store-subject.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const BYTES = someBytes(3 * MIB + 17);
const STANDING_BYTES = 300 * KIB;

/** A partial with some first bytes. */
const makePartial = async (store: BlobStore, standingBytes: number): Promise<StagedId> => {
  const stagedId = aStagedId();
  if (standingBytes > 0)
    await appendBytes(store, stagedId, { bytes: BYTES.subarray(0, standingBytes) });
  return stagedId;
};

/** That the first so many bytes stand, by going on there to the end. */
const assertGoesOn = async (
  store: BlobStore,
  stagedId: StagedId,
  durableBytes: number,
): Promise<void> => {
  const outcome = await appendBytes(store, stagedId, {
    bytes: BYTES.subarray(durableBytes),
    offsetBytes: durableBytes,
  });
  assert.equal(outcome.kind, "appended");
  const { digest } = await finishPartial(store, stagedId, { sizeBytes: BYTES.byteLength });
  assert.equal(digest, createHash("sha256").update(BYTES).digest("hex"));
  await store.promote(stagedId, digest);
  assert.ok(Buffer.from(BYTES).equals(await readBlob(store, digest)));
};

/** Pushes bytes until the source is told to wait, or all are pushed; the count. */
const pushSome = async (source: HandSource, bytes: Uint8Array): Promise<number> => {
  let pushedBytes = 0;
  for (const chunk of cut(bytes)) {
    pushedBytes += chunk.byteLength;
    if (!source.push(chunk)) await source.flowing();
  }
  return pushedBytes;
};

/** What a partial whose bytes stop coming must do. */
export const describePartialsCut = (subject: BlobStoreSubject): void => {
  describe("partials that are cut", () => {
    for (const standingBytes of [0, STANDING_BYTES]) {
      keepWhatCame(subject, standingBytes);
      keepNothing(subject, standingBytes);
    }
    areReleased(subject);
    runOutOfRoom(subject);
  });
};

const keepWhatCame = (subject: BlobStoreSubject, standingBytes: number): void => {
  for (const moreBytes of [0, 10, 700 * KIB, 2 * MIB]) {
    it(`keep ${moreBytes} bytes behind ${standingBytes} when the source breaks`, async () => {
      await withStore(subject.open(), async (store) => {
        const stagedId = await makePartial(store, standingBytes);
        const reason = new Error("The line went dead.");
        const end = standingBytes + moreBytes;
        const source = sourceOf(cut(BYTES.subarray(standingBytes, end)), { breakWith: reason });
        const outcome = await store.partials.append(
          stagedId,
          source,
          appendOptions({ offsetBytes: standingBytes }),
        );
        assert.deepEqual(outcome, { kind: "interrupted", durableBytes: end, reason });
        await assertGoesOn(store, stagedId, end);
      });
    });

    it(`keep ${moreBytes} bytes behind ${standingBytes} when the signal aborts`, async () => {
      await withStore(subject.open(), async (store) => {
        const stagedId = await makePartial(store, standingBytes);
        const source = new HandSource();
        const cancel = new AbortController();
        const appending = store.partials.append(
          stagedId,
          source,
          appendOptions({ offsetBytes: standingBytes, signal: cancel.signal }),
        );
        await source.poured;
        const end = standingBytes + moreBytes;
        await pushSome(source, BYTES.subarray(standingBytes, end));
        cancel.abort();
        assert.deepEqual(await appending, { kind: "cancelled", durableBytes: end });
        assert.equal(source.stopped, true);
        await assertGoesOn(store, stagedId, end);
      });
    });
  }

  it(`keep a chunk behind ${standingBytes} that the store still holds when the signal aborts`, async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = await makePartial(store, standingBytes);
      const source = new HandSource();
      const cancel = new AbortController();
      const appending = store.partials.append(
        stagedId,
        source,
        appendOptions({ offsetBytes: standingBytes, signal: cancel.signal }),
      );
      await source.poured;
      source.push(BYTES.subarray(standingBytes));
      cancel.abort();
      assert.equal((await appending).durableBytes, BYTES.byteLength);
      await assertGoesOn(store, stagedId, BYTES.byteLength);
    });
  });

  it(`count as cancelled when the signal aborts while the last bytes behind ${standingBytes} are made safe`, async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = await makePartial(store, standingBytes);
      const source = new HandSource();
      const cancel = new AbortController();
      const options = appendOptions({ offsetBytes: standingBytes, signal: cancel.signal });
      const appending = store.partials.append(stagedId, source, options);
      await source.poured;
      source.push(BYTES.subarray(standingBytes, standingBytes + 100));
      source.end();
      cancel.abort();
      const durableBytes = standingBytes + 100;
      assert.deepEqual(await appending, { kind: "cancelled", durableBytes });
      await assertGoesOn(store, stagedId, durableBytes);
    });
  });
};

const keepNothing = (subject: BlobStoreSubject, standingBytes: number): void => {
  const assertKeepsNone = async (
    run: (store: BlobStore, stagedId: StagedId) => Promise<AppendOutcome>,
    kind: AppendOutcome["kind"],
  ): Promise<void> => {
    await withStore(subject.open(), async (store) => {
      const stagedId = await makePartial(store, standingBytes);
      const outcome = await run(store, stagedId);
      assert.deepEqual([outcome.kind, outcome.durableBytes], [kind, standingBytes]);
      await assertGoesOn(store, stagedId, standingBytes);
    });
  };

  it(`stop a source that sends too much behind ${standingBytes}, and keep none of it`, async () => {
    const source = sourceOf(cut(BYTES.subarray(standingBytes), [10 * KIB]));
    const sizeLimitBytes = standingBytes + 2 * MIB + 1;
    await assertKeepsNone(async (store, stagedId) => {
      const options = appendOptions({ offsetBytes: standingBytes, sizeLimitBytes });
      const outcome = await store.partials.append(stagedId, source, options);
      assert.ok(outcome.kind === "too-long" && outcome.receivedBytes > sizeLimitBytes);
      return outcome;
    }, "too-long");
    assert.equal(source.stopped, true);
  });

  it(`take as many bytes behind ${standingBytes} as the limit allows`, async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = await makePartial(store, standingBytes);
      const outcome = await appendBytes(store, stagedId, {
        bytes: BYTES.subarray(standingBytes),
        offsetBytes: standingBytes,
        sizeLimitBytes: BYTES.byteLength,
      });
      assert.equal(outcome.kind, "appended");
    });
  });

  it(`keep none behind ${standingBytes} when bytes with a checksum break off, whatever came`, async () => {
    const bytes = BYTES.subarray(standingBytes, standingBytes + 2 * MIB);
    const hex = createHash("sha1").update(bytes).digest("hex");
    const told: number[] = [];
    await assertKeepsNone(
      (store, stagedId) =>
        store.partials.append(
          stagedId,
          sourceOf(cut(bytes), { breakWith: new Error("gone") }),
          appendOptions({
            offsetBytes: standingBytes,
            checksum: { algorithm: "SHA1", hex },
            onDurable: (durableBytes) => told.push(durableBytes),
          }),
        ),
      "interrupted",
    );
    assert.deepEqual(told, []);
  });

  it(`take nothing behind ${standingBytes} when the signal has aborted before`, async () => {
    await assertKeepsNone(
      (store, stagedId) =>
        appendBytes(store, stagedId, {
          bytes: BYTES.subarray(standingBytes),
          offsetBytes: standingBytes,
          signal: AbortSignal.abort(),
        }),
      "cancelled",
    );
  });
};

const areReleased = (subject: BlobStoreSubject): void => {
  it("leave nothing when they are released", async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = await makePartial(store, STANDING_BYTES);
      await store.release(stagedId);
      assert.deepEqual(await collected(store.listStaged()), []);
      await assert.rejects(
        finishPartial(store, stagedId, { sizeBytes: STANDING_BYTES }),
        portErrorWith("absent"),
      );
      await assertGoesOn(store, stagedId, 0);
    });
  });

  it("leave nothing when they are released while bytes come, and the append ends as cancelled", async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = await makePartial(store, STANDING_BYTES);
      const source = new HandSource();
      const options = appendOptions({ offsetBytes: STANDING_BYTES });
      const appending = store.partials.append(stagedId, source, options);
      await source.poured;
      await pushSome(source, BYTES.subarray(STANDING_BYTES, 2 * MIB));
      await store.release(stagedId);
      assert.equal((await appending).kind, "cancelled");
      assert.equal(source.stopped, true);
      assert.deepEqual(await collected(store.listStaged()), []);
      await assertGoesOn(store, stagedId, 0);
    });
  });
};

const runOutOfRoom = (subject: BlobStoreSubject): void => {
  const openWithRoomFor = subject.openWithRoomFor?.bind(subject);
  const skip = openWithRoomFor === undefined && "this platform offers no way to make a store small";
  it(
    "are full when there is no room, keep what was told of, and give their room back",
    { skip },
    async () => {
      if (openWithRoomFor === undefined) return;
      await withStore(openWithRoomFor(MIB), async (store) => {
        const stagedId = aStagedId();
        let durableBytes = 0;
        const source = sourceOf(cut(BYTES, [100 * KIB]));
        const options = appendOptions({ onDurable: (bytes) => (durableBytes = bytes) });
        await assert.rejects(
          store.partials.append(stagedId, source, options),
          portErrorWith("full"),
        );
        assert.equal(source.stopped, true);
        await assert.rejects(
          finishPartial(store, stagedId, { sizeBytes: durableBytes + MIB }),
          portErrorWith("absent"),
        );
        const prefix = await prefixDigest(store, stagedId, { prefixBytes: durableBytes }).catch(
          () => null,
        );
        if (prefix !== null)
          assert.equal(
            prefix,
            createHash("sha256").update(BYTES.subarray(0, durableBytes)).digest("hex"),
          );
        await store.release(stagedId);
        const small = aStagedId();
        await appendBytes(store, small, { bytes: BYTES.subarray(0, 900 * KIB) });
        await finishPartial(store, small, { sizeBytes: 900 * KIB });
      });
    },
  );
};
