import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import {
  type DiskBlobStore,
  openDiskBlobStore,
} from "@contentlib/server/adapters/blobs/disk/disk-blob-store";
import {
  type FileSystem,
  realFileSystem,
} from "@contentlib/server/adapters/blobs/disk/file-system";
import type { EngineChoice } from "@contentlib/server/adapters/blobs/disk/staging-engines";
import type { StagedBlob } from "@contentlib/server/ports/blob-store";
import { PortError } from "@contentlib/server/ports/port-error";
import { BUILT_AT } from "@contentlib/testkit/builders/ids";
import { someBytes } from "@contentlib/testkit/bytes/byte-sources";
import { collected, readBlob } from "@contentlib/testkit/bytes/read-blob";
import { stageBytes, storeBytes } from "@contentlib/testkit/bytes/stage-bytes";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import {
  DISK_FAULTS,
  type DiskFault,
  diskFaultLoop,
  type FailingFileSystem,
} from "@contentlib/testkit/faults/blob-disk-failing";

const KIB = 1024;
const SYNC_STEP_BYTES = 256 * KIB;
const BYTES = someBytes(800 * KIB);

const openStore = (
  directory: string,
  fileSystem: FileSystem,
  engine: EngineChoice,
): Promise<DiskBlobStore> =>
  openDiskBlobStore({
    directory,
    fileSystem,
    engine,
    clock: { now: () => BUILT_AT },
    syncStepBytes: SYNC_STEP_BYTES,
  });

/** Null where the call failed; only a `PortError` is allowed to be why. */
const orFailed = async <Result>(call: Promise<Result>): Promise<Result | null> => {
  try {
    return await call;
  } catch (error) {
    assert.ok(error instanceof PortError, `${String(error)} is not a PortError`);
    return null;
  }
};

/** Everything a store does, each step tried once; gives what was staged and where that went. */
const useOnce = async (
  store: DiskBlobStore,
): Promise<{ staged: StagedBlob | null; promoted: boolean }> => {
  const staged = await orFailed(stageBytes(store, BYTES));
  if (staged === null) return { staged, promoted: false };
  const promoted =
    (await orFailed(store.promote(staged.stagedId, staged.digest).then(() => true))) ?? false;
  if (promoted) {
    await orFailed(readBlob(store, staged.digest));
    const again = await orFailed(stageBytes(store, BYTES));
    if (again !== null) await orFailed(store.promote(again.stagedId, again.digest));
    await orFailed(collected(store.list()));
    await orFailed(collected(store.listStaged()));
  }
  return { staged, promoted };
};

/** That each blob holds the bytes its name stands for. */
const assertNoHalfBlob = async (store: DiskBlobStore): Promise<void> => {
  for await (const { digest, sizeBytes } of store.list()) {
    const bytes = await readBlob(store, digest);
    assert.equal(sizeBytes, bytes.byteLength);
    assert.equal(createHash("sha256").update(bytes).digest("hex"), digest);
  }
};

const runOnce = async (
  failing: FailingFileSystem,
  fault: DiskFault,
  engine: EngineChoice,
): Promise<void> => {
  await withScratchDirectory(async (directory) => {
    const faulty = await orFailed(openStore(directory, failing.fileSystem, engine));
    const { staged, promoted } =
      faulty === null ? { staged: null, promoted: false } : await useOnce(faulty);
    await faulty?.close();

    const sound = await openStore(directory, realFileSystem, "main");
    await assertNoHalfBlob(sound);
    if (promoted) assert.equal((await collected(sound.list())).length, 1);
    // A single failure leaves its transfer able to clean up behind itself.
    if (fault.times === "once" && staged === null)
      assert.deepEqual(await collected(sound.listStaged()), []);
    if (staged !== null) await sound.promote(staged.stagedId, staged.digest);
    const digest = await storeBytes(sound, BYTES);
    assert.ok(Buffer.from(BYTES).equals(await readBlob(sound, digest)));
  });
};

describe("a disk that fails", () => {
  for (const fault of DISK_FAULTS) {
    it(`leaves no half blob: ${fault.code}, ${fault.times}, ${fault.when}`, async () => {
      const faults = await diskFaultLoop(realFileSystem, fault, (failing) =>
        runOnce(failing, fault, "main"),
      );
      assert.ok(faults > 40, `only ${faults} calls were made to fail`);
    });
  }

  it("leaves no half blob on the worker engine either", async () => {
    const fault: DiskFault = { code: "EIO", times: "once", when: "early" };
    const faults = await diskFaultLoop(realFileSystem, fault, (failing) =>
      runOnce(failing, fault, "worker"),
    );
    assert.ok(faults > 40, `only ${faults} calls were made to fail`);
  });
});
