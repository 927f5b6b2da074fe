import type { StagedId } from "../domain/ids.ts";
import type { Core } from "./core.ts";

/** Drops staged bytes that nothing refers to any more. A failure leaves them to the sweeper and is no failure of the caller's. */
export const releaseStaged = async (
  core: Pick<Core, "blobs" | "journal">,
  stagedIds: readonly StagedId[],
): Promise<void> => {
  for (const stagedId of stagedIds) {
    try {
      await core.blobs.release(stagedId);
    } catch (error) {
      core.journal.trouble({ where: "releasing staged bytes", error });
    }
  }
};
