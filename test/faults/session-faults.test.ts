import assert from "node:assert/strict";
import { test } from "node:test";
import { openDiskBlobStore } from "@contentlib/server/adapters/blobs/disk/disk-blob-store";
import { realFileSystem } from "@contentlib/server/adapters/blobs/disk/file-system";
import { checkContent } from "@contentlib/server/app/check-content";
import { readBlob } from "@contentlib/testkit/bytes/read-blob";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import type { FailingFileSystem } from "@contentlib/testkit/faults/blob-disk-failing";
import { DISK_FAULTS, diskFaultLoop } from "@contentlib/testkit/faults/blob-disk-failing";
import { aCall, blobsOnDisk, startApp, wholeList } from "@contentlib/testkit/rigs/app-rig";
import { SessionRig } from "@contentlib/testkit/rigs/session-rig";

/** What the client was told, which must be true afterwards whatever broke. */
interface Told {
  readonly completed: string[];
}

const OLD = "the old content";
const NEW = "the new content, which is longer";

/** Puts two contents in, one after the other, in a session each; gives up at the first error, as a client does. */
const work = async (rig: SessionRig, told: Told): Promise<void> => {
  await rig.send(await rig.add("boot.iso"), OLD);
  await rig.complete();
  told.completed.push(OLD);
  await rig.openSession();
  await rig.send(await rig.add("boot.iso"), NEW);
  await rig.complete();
  told.completed.push(NEW);
};

/** After a start on a sound disk: what was acknowledged is there, nothing else shows, and nothing is left over. */
const assertSound = async (directory: string, rig: SessionRig, told: Told): Promise<void> => {
  const blobs = await openDiskBlobStore({ directory, clock: rig.clock, engine: "main" });
  const storage = { catalog: rig.storage.catalog, blobs };
  const { app } = await startApp(rig.clock, storage);
  assert.deepEqual(await checkContent(storage), []);
  const item = await storage.catalog.findItem(rig.itemId as never);
  const [file] = item?.value.files ?? [];
  const content =
    file === undefined ? null : Buffer.from(await readBlob(blobs, file.digest)).toString();
  const acknowledged = told.completed.at(-1) ?? null;
  const alsoPossible = acknowledged === null ? OLD : NEW;
  assert.ok(
    content === acknowledged || content === alsoPossible,
    `found ${content}, acknowledged ${acknowledged}`,
  );
  assert.equal(item?.value.contentVersion, content === null ? 1 : content === OLD ? 2 : 3);
  for (const id of await wholeList(await app.handlers["updateSession.list"]({}, aCall()))) {
    await app.handlers["updateSession.cancel"]({ update_session_id: id }, aCall()).catch(
      () => undefined,
    );
  }
  assert.deepEqual(await Array.fromAsync(blobs.listStaged()), []);
  await blobs.close();
};

const runOnce = (failing: FailingFileSystem): Promise<void> =>
  withScratchDirectory(async (directory) => {
    const told: Told = { completed: [] };
    const rig = await SessionRig.openOn(async (clock) => {
      // The store's folders are made on a sound disk; that a store may fail to open is its own fault loop's matter.
      await (await openDiskBlobStore({ directory, clock, engine: "main" })).close();
      return blobsOnDisk(clock, directory, { engine: "main", fileSystem: failing.fileSystem });
    }).catch(() => null);
    if (rig === null) return;
    await work(rig, told).catch(() => undefined);
    await assertSound(directory, rig, told);
    await rig.storage.close();
  });

for (const fault of DISK_FAULTS) {
  test(`a disk that fails loses nothing acknowledged and shows nothing unfinished: ${fault.code}, ${fault.times}, ${fault.when}`, async () => {
    const met = await diskFaultLoop(realFileSystem, fault, runOnce);
    assert.ok(met > 30, `only ${met} calls were made to fail`);
  });
}
