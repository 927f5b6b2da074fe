import { foldName } from "./fold-name.ts";

/** Names that are the same as an earlier one, or differ from it in case only, in their order. */
export const repeatedNames = (names: Iterable<string>): readonly string[] => {
  const seen = new Set<string>();
  const repeated: string[] = [];
  for (const name of names) {
    const folded = foldName(name);
    if (seen.has(folded)) repeated.push(name);
    seen.add(folded);
  }
  return repeated;
};
