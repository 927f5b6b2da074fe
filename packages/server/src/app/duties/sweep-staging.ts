import type { StagedId } from "../../domain/ids.ts";
import type { Core } from "../core.ts";
import { inLanes } from "../in-lanes.ts";
import { RELEASES_AT_ONCE_MAX } from "../release-staged.ts";

/**
 * Removes staged bytes that no running transfer makes, no file of an ACTIVE session owns, and that are not kept of another; it
 * goes by what the catalog says, never by age. The order of the three looks matters: a transfer that ends in between has its receipt in the catalog first.
 */
export const sweepStaging = async (
  core: Pick<Core, "catalog" | "blobs" | "live" | "journal">,
): Promise<void> => {
  const staged: StagedId[] = [];
  for await (const stagedId of core.blobs.listStaged()) staged.push(stagedId);
  if (staged.length === 0) return;
  const owned = new Set<StagedId>();
  for (const transfer of core.live.all())
    if (transfer.stagedId !== null) owned.add(transfer.stagedId);
  for (const stagedId of await core.catalog.housekeeping.listLiveStagedIds()) owned.add(stagedId);
  const rubbish = staged.filter((stagedId) => !owned.has(stagedId));
  await inLanes(rubbish, RELEASES_AT_ONCE_MAX, (stagedId) => core.blobs.release(stagedId));
};
