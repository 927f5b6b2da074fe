import { faultOf } from "@contentlib/contract/vocabulary";
import type { CommitPlan } from "../../domain/plan-commit.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { inLanes } from "../in-lanes.ts";

/** How long complete waits for a blob that is just being deleted, and how often it looks. */
const DOOM_WAIT_MS = 5_000;
const DOOM_LOOK_MS = 50;

type PromoteCore = Pick<Core, "blobs" | "catalog" | "clock">;

/** Pins what the plan promotes, so that the collector leaves it alone until the item refers to it. */
const pinAll = async (core: PromoteCore, plan: CommitPlan): Promise<void> => {
  for (let waitedMs = 0; ; waitedMs += DOOM_LOOK_MS) {
    const outcome = await core.catalog.pin(plan.session.id, plan.pins, core.clock.now());
    if (outcome.kind === "pinned") return;
    if (waitedMs >= DOOM_WAIT_MS)
      throw new Fault(faultOf("server.unavailable", "old content is still being deleted", "1"));
    await core.clock.sleep(DOOM_LOOK_MS);
  }
};

/** Each waits for the disk several times, and an item may have thousands of small files; more would only stand in line. */
const PROMOTIONS_AT_ONCE_MAX = 4;

/** Makes the bytes permanent that the plan brings to the item. Repeating it is harmless. */
export const promoteAll = async (core: PromoteCore, plan: CommitPlan): Promise<void> => {
  if (plan.pins.length === 0) return;
  await pinAll(core, plan);
  await inLanes(plan.promotions, PROMOTIONS_AT_ONCE_MAX, async ({ stagedId, digest }) => {
    await core.blobs.promote(stagedId, digest);
  });
};
