import { blobStoreSuite } from "@contentlib/testkit/suites/blob-store";

import { MemoryBlobStore } from "./memory-blob-store.ts";

const clock = { now: () => 1_704_067_200_000 };

blobStoreSuite("MemoryBlobStore", {
  open: async () => ({ store: new MemoryBlobStore({ clock }), close: async () => undefined }),
  openWithRoomFor: async (capacityBytes) => ({
    store: new MemoryBlobStore({ clock, capacityBytes }),
    close: async () => undefined,
  }),
});
