/** Insertions, deletions and replacements between two texts (Levenshtein). */
const distance = (left: string, right: string): number => {
  let above = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...left].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...right].entries()) {
      const replaced = (above[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    above = current;
  }
  return above.at(-1) ?? 0;
};

/** The known name that is spelt most like `name`. */
export const nearestName = (name: string, known: readonly string[]): string | undefined =>
  known
    .map((candidate) => ({ candidate, far: distance(name, candidate) }))
    .toSorted((left, right) => left.far - right.far)[0]?.candidate;
