import type { Catalog } from "@contentlib/server/ports/catalog";
import { catalogAround } from "./catalog-around.ts";
import type { Gate } from "./blob-store-gated.ts";

/** A catalog whose next commit of a kind of change can be held. */
export interface GatedCatalog {
  readonly catalog: Catalog;
  /** Holds the next commit that has such a change: before it is made, or when it is made but its caller does not know yet. */
  hold(kind: string, when?: "before" | "after"): Gate;
}

/** For tests of what happens while somebody decides, and just after. */
export const gatedCatalog = (inner: Catalog): GatedCatalog => {
  const waiting: { kind: string; when: "before" | "after"; pass(): Promise<void> }[] = [];
  const pass = async (name: string, when: "before" | "after"): Promise<void> => {
    const found = waiting.findIndex((each) => each.when === when && name.includes(each.kind));
    if (found < 0) return;
    const [held] = waiting.splice(found, 1);
    await held?.pass();
  };
  const catalog = catalogAround(inner, async (name, proceed) => {
    await pass(name, "before");
    const result = await proceed();
    await pass(name, "after");
    return result;
  });
  const hold = (kind: string, when: "before" | "after" = "before"): Gate => {
    const reached = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<void>();
    waiting.push({
      kind,
      when,
      pass: async () => {
        reached.resolve();
        await opened.promise;
      },
    });
    return { reached: reached.promise, open: opened.resolve };
  };
  return { catalog, hold };
};
