import type { StagedId } from "../domain/ids.ts";
import type { Core } from "./core.ts";
import { inLanes } from "./in-lanes.ts";

/** As many as a disk is asked for at once: more would only stand in line, before the calls of others. */
export const RELEASES_AT_ONCE_MAX = 4;

/** Drops staged bytes that nothing refers to any more. A failure leaves them to the sweeper and is no failure of the caller's. */
export const releaseStaged = (
  core: Pick<Core, "blobs" | "journal">,
  stagedIds: readonly StagedId[],
): Promise<void> =>
  inLanes(stagedIds, RELEASES_AT_ONCE_MAX, async (stagedId) => {
    try {
      await core.blobs.release(stagedId);
    } catch (error) {
      core.journal.trouble({ where: "releasing staged bytes", error });
    }
  });
