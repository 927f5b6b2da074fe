/** The value of a label whose true value is not one of the set. */
export const OTHER = "other";

/** The value itself where it belongs to the set, else the one that stands for all others: labels never hold what a client chose. */
export const within = (set: ReadonlySet<string>, value: string): string =>
  set.has(value) ? value : OTHER;
