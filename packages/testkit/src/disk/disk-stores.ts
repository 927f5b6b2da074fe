import {
  type DiskBlobStore,
  type DiskBlobStoreOptions,
  openDiskBlobStore,
} from "@contentlib/server/adapters/blobs/disk/disk-blob-store";
import { withScratchDirectory } from "./scratch-directory.ts";

const SYNC_STEP_BYTES = 1024 * 1024;

/** Opens a store on the test's directory, after the one before was closed: a restart. */
export type OpenDiskStore = (over?: Partial<DiskBlobStoreOptions>) => Promise<DiskBlobStore>;

/** Runs a test's body with stores that follow each other on one directory. */
export const withDiskStores = async (
  body: (openStore: OpenDiskStore) => Promise<void>,
): Promise<void> => {
  await withScratchDirectory(async (directory) => {
    const stores: DiskBlobStore[] = [];
    const openStore = async (over: Partial<DiskBlobStoreOptions> = {}): Promise<DiskBlobStore> => {
      await stores.at(-1)?.close();
      const clock = { now: () => 0 };
      const store = await openDiskBlobStore({
        directory,
        clock,
        syncStepBytes: SYNC_STEP_BYTES,
        ...over,
      });
      stores.push(store);
      return store;
    };
    try {
      await body(openStore);
    } finally {
      await stores.at(-1)?.close();
    }
  });
};
