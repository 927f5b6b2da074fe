import type { Catalog } from "../ports/index.ts";

/** The catalog with some of its ways changed; all others are as they were. */
export const catalogWith = (inner: Catalog, ways: Partial<Catalog>): Catalog => {
  // Bound once each: every call of every operation comes through here.
  const bound = new Map<string | symbol, unknown>(Object.entries(ways));
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
