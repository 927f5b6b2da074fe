import type { Catalog } from "@contentlib/server/ports/catalog";
import type { ChangeSet } from "@contentlib/server/ports/change";

/** Stands around each write of a catalog, named by what it changes. */
export type AroundCatalogWrite = <Result>(
  name: string,
  proceed: () => Promise<Result>,
) => Promise<Result>;

/** A catalog whose commits and pins go through `around`; reading and housekeeping stay as they are. */
export const catalogAround = (inner: Catalog, around: AroundCatalogWrite): Catalog =>
  new Proxy(inner, {
    get: (target, name) => {
      if (name === "commit") {
        return async (changes: ChangeSet) =>
          await around(`commit of ${kindsOf(changes)}`, () => target.commit(changes));
      }
      if (name === "pin") {
        return async (...pin: Parameters<Catalog["pin"]>) =>
          await around("pin", () => target.pin(...pin));
      }
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });

/** What goes with nearly every commit names none. */
const kindsOf = (changes: ChangeSet): string => {
  const kinds = changes.map((change) => change.kind);
  const telling = kinds.filter((kind) => kind !== "audit.put");
  return (telling.length > 0 ? telling : kinds).join(" and ") || "nothing";
};
