import type { BlobStore } from "@contentlib/server/ports/blob-store";

/** A fresh store, and how to give back what it holds. */
export interface OpenedBlobStore {
  readonly store: BlobStore;
  /** Opens the same bytes as the next process would find them; `store` is not used any more. Absent for stores that forget. */
  restart?(): Promise<BlobStore>;
  close(): Promise<void>;
}

/** How an adapter lets the suite make its stores. */
export interface BlobStoreSubject {
  /** Opens an empty store. */
  open(): Promise<OpenedBlobStore>;
  /** Opens an empty store that has room for no more than `sizeBytes`. Absent where the platform offers no way to make one. */
  openWithRoomFor?(sizeBytes: number): Promise<OpenedBlobStore>;
}

/** Runs a test's body with a store of its own. */
export const withStore = async (
  opened: Promise<OpenedBlobStore>,
  body: (store: BlobStore) => Promise<void>,
): Promise<void> => {
  const { store, close } = await opened;
  try {
    await body(store);
  } finally {
    await close();
  }
};
