import type { Catalog, ChangeSet } from "../../ports/index.ts";
import type { EventFeed } from "./event-feed.ts";

/** The catalog with its commits told to those who listen; all else of it is as it was. */
export const observingCatalog = (inner: Catalog, feed: EventFeed): Catalog => {
  const commit: Catalog["commit"] = (changes: ChangeSet) => feed.commit(inner, changes);
  // Bound once each: every call of every operation comes through here.
  const bound = new Map<string | symbol, unknown>([["commit", commit]]);
  return new Proxy(inner, {
    get: (target, name) => {
      const known = bound.get(name);
      if (known !== undefined) return known;
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      const method: unknown = member.bind(target);
      bound.set(name, method);
      return method;
    },
  });
};
