import type { BlobStore } from "@contentlib/server/ports/blob-store";
import { blobStoreAround } from "./blob-store-around.ts";

/** Holds one call back. */
export interface Gate {
  /** Resolves when a call stands at the gate. */
  readonly reached: Promise<void>;
  /** Lets it go on; a gate that is opened before a call reaches it holds nothing. */
  open(): void;
}

/** Calls that are held once they have done their work, and before their caller knows. */
const AFTER = ["stage", "append", "finish"] as const;
type Held = (typeof AFTER)[number] | "promote";

const isHeldAfter = (verb: string): verb is (typeof AFTER)[number] =>
  (AFTER as readonly string[]).includes(verb);

/** A store whose next call of a verb can be held. */
export interface GatedBlobStore extends BlobStore {
  /**
   * Holds the next call when its work is done but its caller does not know yet; the next `promote` before it does anything.
   */
  hold(verb: Held): Gate;
}

/** For tests of what happens between two steps: a session that ends while its bytes are made safe, two completes at once. */
export const gated = (store: BlobStore): GatedBlobStore => {
  const waiting: { readonly verb: Held; pass(): Promise<void> }[] = [];
  const pass = async (verb: Held): Promise<void> => {
    const found = waiting.findIndex((each) => each.verb === verb);
    if (found < 0) return;
    const [held] = waiting.splice(found, 1);
    await held?.pass();
  };
  const hold = (verb: Held): Gate => {
    const reached = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<void>();
    waiting.push({
      verb,
      pass: async () => {
        reached.resolve();
        await opened.promise;
      },
    });
    return { reached: reached.promise, open: opened.resolve };
  };
  const around = blobStoreAround(store, async (verb, proceed) => {
    if (verb === "promote") await pass("promote");
    const result = await proceed();
    if (isHeldAfter(verb)) await pass(verb);
    return result;
  });
  return { ...around, hold };
};
