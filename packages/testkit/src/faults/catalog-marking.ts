import type { Catalog } from "@contentlib/server/ports/catalog";
import type { ChangeSet } from "@contentlib/server/ports/change";

/** A catalog whose commits tell the kinds of their changes when they are safe, before the caller goes on. */
export const marking = (catalog: Catalog, mark: (kinds: readonly string[]) => void): Catalog =>
  new Proxy(catalog, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (name === "commit") {
        return async (changes: ChangeSet) => {
          const outcome = await target.commit(changes);
          if (outcome.kind === "committed") mark(changes.map((change) => change.kind));
          return outcome;
        };
      }
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
