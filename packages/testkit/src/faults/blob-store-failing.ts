import type { BlobStore } from "@contentlib/server/ports/blob-store";
import { PortError, type PortErrorKind } from "@contentlib/server/ports/port-error";
import { type BlobVerb, blobStoreAround } from "./blob-store-around.ts";

export interface BlobStoreFault {
  /** The calls that are counted; all of them where absent. */
  readonly verbs?: readonly BlobVerb[];
  /** `unavailable` where absent. */
  readonly kind?: PortErrorKind;
  /** `once` where absent. */
  readonly times?: "once" | "from then on";
  /** `late`: the call does its work and fails nevertheless, as when an answer is lost. `early` where absent. */
  readonly when?: "early" | "late";
}

/** A store that fails, and says whether it did. */
export interface FailingBlobStore extends BlobStore {
  readonly met: boolean;
}

/** A store whose n-th call, counted from one, fails. For a fault loop: fail call 1, 2, ... until a run meets no fault. */
export const failingAt = (
  store: BlobStore,
  at: number,
  fault: BlobStoreFault = {},
): FailingBlobStore => {
  const counted = new Set<BlobVerb>(fault.verbs);
  let calls = 0;
  let met = false;
  const failing = blobStoreAround(store, async (verb, proceed) => {
    if (counted.size === 0 || counted.has(verb)) calls += 1;
    else return await proceed();
    if (fault.times === "from then on" ? calls < at : calls !== at) return await proceed();
    met = true;
    if (fault.when === "late") await proceed();
    throw new PortError(fault.kind ?? "unavailable", `A test made ${verb} fail.`);
  });
  return Object.defineProperty(failing, "met", { get: () => met }) as FailingBlobStore;
};
