import { existsSync } from "node:fs";
import {
  FULL_DEVICE,
  fileSystemWithFullFile,
  fileSystemWithRoomFor,
} from "@contentlib/testkit/faults/blob-disk-full";
import { scratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { blobStoreSuite } from "@contentlib/testkit/suites/blob-store";
import type { OpenedBlobStore } from "@contentlib/testkit/suites/blob-store-subject";

import {
  type DiskBlobStore,
  type DiskBlobStoreOptions,
  openDiskBlobStore,
} from "./disk-blob-store.ts";
import { realFileSystem } from "./file-system.ts";

const open = async (over: Partial<DiskBlobStoreOptions>): Promise<OpenedBlobStore> => {
  const { path: directory, remove } = await scratchDirectory();
  const openAgain = (): Promise<DiskBlobStore> =>
    openDiskBlobStore({ directory, clock: { now: () => 1_704_067_200_000 }, ...over });
  let store = await openAgain();
  const restart = async (): Promise<DiskBlobStore> => {
    await store.close();
    return (store = await openAgain());
  };
  return { store, restart, close: () => store.close().then(remove) };
};

blobStoreSuite("DiskBlobStore on its main engine", {
  open: () => open({ engine: "main", syncStepBytes: 1024 * 1024 }),
  openWithRoomFor: (sizeBytes) =>
    open({ engine: "main", fileSystem: fileSystemWithRoomFor(realFileSystem, sizeBytes) }),
});

blobStoreSuite("DiskBlobStore on its worker engine", {
  open: () => open({ engine: "worker", syncStepBytes: 1024 * 1024 }),
  ...(existsSync(FULL_DEVICE) && {
    openWithRoomFor: () =>
      open({ engine: "worker", fileSystem: fileSystemWithFullFile(realFileSystem) }),
  }),
});
