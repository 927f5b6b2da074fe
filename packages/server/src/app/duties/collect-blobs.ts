import type { Core } from "../core.ts";

/** How long a blob without a reference stays: a reader may be about to open it. */
const GRACE_MS = 60_000;

/** How many blobs one run takes. */
const BATCH_MAX = 100;

type CollectCore = Pick<Core, "catalog" | "blobs" | "clock" | "journal">;

/** Deletes blobs that nothing references: doomed in the catalog first, then deleted, then forgotten. A crash leaves a doom to finish. */
export const collectBlobs = async (
  core: CollectCore,
  graceMs: number = GRACE_MS,
): Promise<void> => {
  const { housekeeping } = core.catalog;
  let count = 0;
  for (const digest of await housekeeping.listDoomed()) {
    await core.blobs.delete(digest);
    await housekeeping.settle(digest);
    count += 1;
  }
  for (const digest of await housekeeping.listUnreferenced(core.clock.now() - graceMs, BATCH_MAX)) {
    if (!(await housekeeping.doom(digest))) continue;
    await core.blobs.delete(digest);
    await housekeeping.settle(digest);
    count += 1;
  }
  if (count > 0) core.journal.blobsCollected({ count });
};
