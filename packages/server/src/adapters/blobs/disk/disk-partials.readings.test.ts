import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { aStagedId } from "@contentlib/testkit/builders/ids";
import { appendBytes, finishPartial, prefixDigest } from "@contentlib/testkit/bytes/append-bytes";
import { someBytes } from "@contentlib/testkit/bytes/byte-sources";
import { type OpenDiskStore, withDiskStores } from "@contentlib/testkit/disk/disk-stores";
import { portErrorWith } from "@contentlib/testkit/errors/port-error-with";
import { knownArchive } from "@contentlib/testkit/ovf/archive-bytes";
import { type FileCall, fileSystemAround } from "@contentlib/testkit/faults/file-system-around";

import type { StagedId } from "../../../domain/ids.ts";
import type { DiskBlobStore } from "./disk-blob-store.ts";
import { realFileSystem } from "./file-system.ts";
import { READINGS_AT_ONCE_MAX } from "./reading-turns.ts";

const BYTES = someBytes(100_000);
const HALF_BYTES = 60_000;
const HALF = BYTES.subarray(0, HALF_BYTES);
const REST = BYTES.subarray(HALF_BYTES);

const hexOf = (algorithm: string, bytes: Uint8Array): string =>
  createHash(algorithm).update(bytes).digest("hex");

const isReading = (call: FileCall): boolean =>
  call.name === "open" && call.flags === "r" && /(?:incoming|ready).[^/\\]+$/.test(call.path);

/** A store that was started again on so many partials, whose readings are held until each is let go. */
const restarted = async (openStore: OpenDiskStore, count: number) => {
  const before = await openStore();
  const stagedIds = Array.from({ length: count }, aStagedId);
  for (const stagedId of stagedIds) await appendBytes(before, stagedId, { bytes: HALF });
  const readings: string[] = [];
  const held: (() => void)[] = [];
  const fileSystem = fileSystemAround(realFileSystem, {
    call: async (call, proceed) => {
      if (isReading(call)) {
        readings.push(basename(call.path));
        await new Promise<void>((resolve) => held.push(resolve));
      }
      return await proceed();
    },
  });
  const store = await openStore({ fileSystem });
  const goOn = (stagedId: StagedId, algorithms: readonly "SHA1"[] = []) =>
    appendBytes(store, stagedId, { bytes: REST, offsetBytes: HALF_BYTES, algorithms });
  const at = (index: number): StagedId => {
    const stagedId = stagedIds[index];
    assert.ok(stagedId);
    return stagedId;
  };
  /** Waits until so many readings have begun, and for whatever else would begin; those that began at once stand in any order. */
  const begun = async (count: number): Promise<readonly string[]> => {
    while (readings.length < count) await nextTurn();
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    assert.equal(readings.length, count);
    return readings.toSorted();
  };
  return { store, stagedIds, readings, held, goOn, at, begun };
};

const letGo = (held: (() => void)[]): void => {
  for (const resolve of held.splice(0)) resolve();
};

const finish = (store: DiskBlobStore, stagedId: StagedId) =>
  finishPartial(store, stagedId, { sizeBytes: BYTES.byteLength });

describe("partials that are gone on with after a restart", () => {
  it("are read a few at once, in their order, while their bytes come in", () =>
    withDiskStores(async (openStore) => {
      const { store, stagedIds, held, goOn, begun } = await restarted(openStore, 6);
      for (const stagedId of stagedIds)
        assert.equal((await goOn(stagedId)).durableBytes, BYTES.byteLength);
      for (let count = READINGS_AT_ONCE_MAX; count <= 6; count += READINGS_AT_ONCE_MAX) {
        assert.deepEqual(await begun(count), stagedIds.slice(0, count));
        letGo(held);
      }
      for (const stagedId of stagedIds)
        assert.equal((await finish(store, stagedId)).digest, hexOf("sha256", BYTES));
    }));

  it("are read first where somebody waits for them", () =>
    withDiskStores(async (openStore) => {
      const { store, stagedIds, held, goOn, at, begun } = await restarted(openStore, 5);
      for (const stagedId of stagedIds) await goOn(stagedId);
      await begun(2);
      const last = finish(store, at(4));
      await nextTurn();
      letGo(held);
      assert.deepEqual(await begun(4), [at(0), at(1), at(2), at(4)]);
      letGo(held);
      assert.equal((await last).digest, hexOf("sha256", BYTES));
      await begun(5);
      letGo(held);
    }));

  it("wait behind the others again when nobody waits for them any more", () =>
    withDiskStores(async (openStore) => {
      const { store, stagedIds, held, goOn, at, begun } = await restarted(openStore, 5);
      for (const stagedId of stagedIds) await goOn(stagedId);
      const cancel = new AbortController();
      const sizeBytes = BYTES.byteLength;
      const givenUp = finishPartial(store, at(4), { sizeBytes, signal: cancel.signal });
      await begun(2);
      cancel.abort();
      await assert.rejects(givenUp, portErrorWith("cancelled"));
      letGo(held);
      assert.deepEqual(await begun(4), stagedIds.slice(0, 4));
      letGo(held);
      await begun(5);
      letGo(held);
    }));

  it("are not read when they are released before their turn", () =>
    withDiskStores(async (openStore) => {
      const { store, stagedIds, held, goOn, at, begun } = await restarted(openStore, 4);
      for (const stagedId of stagedIds) await goOn(stagedId);
      const waiting = assert.rejects(finish(store, at(2)), portErrorWith("cancelled"));
      await begun(2);
      await store.release(at(2));
      await waiting;
      letGo(held);
      assert.deepEqual(await begun(3), [at(0), at(1), at(3)]);
      letGo(held);
    }));

  it("do not hold up the end of the store while they wait", () =>
    withDiskStores(async (openStore) => {
      const { store, stagedIds, readings, held, goOn, begun } = await restarted(openStore, 6);
      for (const stagedId of stagedIds) await goOn(stagedId);
      await begun(READINGS_AT_ONCE_MAX);
      const closing = store.close();
      letGo(held);
      await closing;
      assert.equal(readings.length, READINGS_AT_ONCE_MAX);
    }));
});

describe("a partial that wants another digest too", () => {
  it("is read once, although the digest of what is here is asked for first", () =>
    withDiskStores(async (openStore) => {
      const { store, held, goOn, at, begun } = await restarted(openStore, 1);
      const algorithms = ["SHA1"] as const;
      const asked = prefixDigest(store, at(0), { prefixBytes: HALF_BYTES, algorithms });
      await begun(1);
      await goOn(at(0), algorithms);
      letGo(held);
      assert.equal(await asked, hexOf("sha256", HALF));
      const wanted = { sizeBytes: BYTES.byteLength, algorithms };
      const { checksums } = await finishPartial(store, at(0), wanted);
      assert.deepEqual(checksums, [{ algorithm: "SHA1", hex: hexOf("sha1", BYTES) }]);
      await begun(1);
    }));

  it("is not read on for a caller who asked for what the reading under way does not tell, and is gone", () =>
    withDiskStores(async (openStore) => {
      const { store, held, goOn, at, begun } = await restarted(openStore, 3);
      for (const index of [0, 1, 2]) await goOn(at(index));
      const cancel = new AbortController();
      await begun(2);
      const asked = prefixDigest(store, at(0), {
        prefixBytes: 1000,
        algorithms: ["SHA1"],
        signal: cancel.signal,
      });
      await nextTurn();
      cancel.abort();
      await assert.rejects(asked, portErrorWith("cancelled"));
      letGo(held);
      await begun(3);
      letGo(held);
      assert.equal((await finish(store, at(0))).digest, hexOf("sha256", BYTES));
      await begun(3);
    }));
});

describe("an archive", () => {
  const { bytes, contents } = knownArchive([
    { name: "x.ovf", body: "text" },
    { name: "disk.vmdk", body: BYTES },
  ]);
  const wanted = { sizeBytes: bytes.byteLength, isArchive: true };

  it("holds up no append while it can not be read, and is read by the finish that comes", () =>
    withDiskStores(async (openStore) => {
      let failures = 0;
      const isBroken = (): boolean => failures < 2;
      const fileSystem = fileSystemAround(realFileSystem, {
        call: async (call, proceed) => {
          if (!isReading(call) || !isBroken()) return await proceed();
          failures += 1;
          throw Object.assign(new Error("The disk is gone."), { code: "EIO" });
        },
      });
      const store = await openStore({ fileSystem });
      const stagedId = aStagedId();
      const outcome = await appendBytes(store, stagedId, { bytes, isArchive: true });
      assert.equal(outcome.durableBytes, bytes.byteLength);
      while (failures === 0) await nextTurn();
      await nextTurn();
      await assert.rejects(finishPartial(store, stagedId, wanted), portErrorWith("unavailable"));
      const { archive } = await finishPartial(store, stagedId, wanted);
      assert.deepEqual(archive, contents);
    }));

  it("is read on by a store that was started again, once, while more of it comes", () =>
    withDiskStores(async (openStore) => {
      const stagedId = aStagedId();
      await appendBytes(await openStore(), stagedId, {
        bytes: bytes.subarray(0, HALF_BYTES),
        isArchive: true,
      });
      let readings = 0;
      const fileSystem = fileSystemAround(realFileSystem, {
        call: async (call, proceed) => {
          if (isReading(call)) readings += 1;
          return await proceed();
        },
      });
      const store = await openStore({ fileSystem });
      const asked = { prefixBytes: HALF_BYTES, isArchive: true };
      await prefixDigest(store, stagedId, asked);
      await appendBytes(store, stagedId, {
        bytes: bytes.subarray(HALF_BYTES),
        offsetBytes: HALF_BYTES,
        isArchive: true,
      });
      const { archive, digest } = await finishPartial(store, stagedId, wanted);
      assert.deepEqual(archive, contents);
      assert.equal(digest, hexOf("sha256", bytes));
      // For the digest of the first half, and for the archive, at most twice: what came first, and the rest.
      assert.ok(readings <= 3, `${readings} readings`);
    }));
});
