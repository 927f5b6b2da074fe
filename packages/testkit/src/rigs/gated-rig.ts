import type { BlobStore } from "@contentlib/server/ports/blob-store";
import { type GatedBlobStore, gated } from "../faults/blob-store-gated.ts";
import { type GatedCatalog, gatedCatalog } from "../faults/catalog-gated.ts";
import type { RigStorage } from "./app-rig.ts";
import { SessionRig } from "./session-rig.ts";

/** Where calls of a rig's storage can be held. */
export interface StorageGates {
  readonly blobs: GatedBlobStore;
  readonly writes: GatedCatalog;
}

/** A rig on a storage with gates. */
export interface GatedRig extends StorageGates {
  readonly rig: SessionRig;
}

/** A rig that is made on a storage with gates; the blobs may be others than the rig's. */
export const gatedRig = async (
  open: (around: (storage: RigStorage) => RigStorage) => Promise<SessionRig> = (around) =>
    SessionRig.open(around),
  blobsOf: (store: BlobStore) => BlobStore = (store) => store,
): Promise<GatedRig> => {
  const made = Promise.withResolvers<StorageGates>();
  const rig = await open((storage) => {
    const blobs = gated(blobsOf(storage.blobs));
    const writes = gatedCatalog(storage.catalog);
    made.resolve({ blobs, writes });
    return { ...storage, blobs, catalog: writes.catalog };
  });
  return { rig, ...(await made.promise) };
};
