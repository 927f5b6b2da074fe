import type { KeptPartial } from "../../domain/kept-partial.ts";
import type { Core } from "../core.ts";
import { inLanes } from "../in-lanes.ts";
import { releaseStaged } from "../release-staged.ts";

type DropCore = Pick<Core, "catalog" | "blobs" | "journal">;

/** Commits that come together share one sync, and each takes one thing alone: somebody who goes on with it clashes with no other. */
const DROPS_AT_ONCE_MAX = 8;

/** Drops kept bytes, and tells which; what somebody goes on with meanwhile is his. */
const drop = async (
  core: DropCore,
  kept: readonly KeptPartial[],
): Promise<readonly KeptPartial[]> => {
  const dropped: KeptPartial[] = [];
  await inLanes(kept, DROPS_AT_ONCE_MAX, async (each) => {
    const { stagedId } = each;
    const outcome = await core.catalog.commit([{ kind: "kept-partial.take", stagedId }]);
    if (outcome.kind !== "committed") return;
    await releaseStaged(core, [stagedId]);
    dropped.push(each);
  });
  return dropped;
};

/** Drops what has been kept for long enough. (S86) */
export const dropOldKept = async (
  core: DropCore & Pick<Core, "clock" | "settings">,
): Promise<void> => {
  const before = core.clock.now() - core.settings.partialTtlMs;
  await drop(core, await core.catalog.housekeeping.listKeptBefore(before));
};

/** Later than any instant. */
const EVER = Number.MAX_SAFE_INTEGER;

/**
 * Makes room where the storage has none: all kept bytes go, since they are the only ones that nobody counts on. Tells how many
 * there were. A failure is an operator's business; the caller has one of its own. (S87)
 */
export const makeRoom = async (core: DropCore): Promise<number> => {
  try {
    const dropped = await drop(core, await core.catalog.housekeeping.listKeptBefore(EVER));
    if (dropped.length === 0) return 0;
    const sizeBytes = dropped.reduce((sum, { durableBytes }) => sum + durableBytes, 0);
    core.journal.partialsDropped({ count: dropped.length, sizeBytes });
    return dropped.length;
  } catch (error) {
    core.journal.trouble({ where: "making room", error });
    return 0;
  }
};
