import type { BlobStore } from "@contentlib/server/ports/blob-store";
import { blobStoreAround } from "./blob-store-around.ts";

/** Holds one call back. */
export interface Gate {
  /** Resolves when a call stands at the gate. */
  readonly reached: Promise<void>;
  /** Lets it go on; a gate that is opened before a call reaches it holds nothing. */
  open(): void;
}

/** A store whose next call of a verb can be held. */
export interface GatedBlobStore extends BlobStore {
  /**
   * Holds the next `stage` when its bytes are staged but its caller does not know yet, or the next `promote` before it does
   * anything.
   */
  hold(verb: "stage" | "promote"): Gate;
}

/** For tests of what happens between two steps: a session that ends while its bytes are made safe, two completes at once. */
export const gated = (store: BlobStore): GatedBlobStore => {
  const waiting = { stage: [] as (() => Promise<void>)[], promote: [] as (() => Promise<void>)[] };
  const pass = async (verb: "stage" | "promote"): Promise<void> => {
    await waiting[verb].shift()?.();
  };
  const hold = (verb: "stage" | "promote"): Gate => {
    const reached = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<void>();
    waiting[verb].push(async () => {
      reached.resolve();
      await opened.promise;
    });
    return { reached: reached.promise, open: opened.resolve };
  };
  const around = blobStoreAround(store, async (verb, proceed) => {
    if (verb === "promote") await pass("promote");
    const result = await proceed();
    if (verb === "stage") await pass("stage");
    return result;
  });
  return { ...around, hold };
};
