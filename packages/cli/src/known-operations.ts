import { OPERATION_IDS, TRAIL_OPERATIONS } from "@contentlib/client";

const OF_THE_TRAIL_AND_THE_API = [...OPERATION_IDS, ...TRAIL_OPERATIONS];

/** Whether the trail may tell of an operation of this name. */
export const isTrailOperation = (name: string): boolean =>
  OF_THE_TRAIL_AND_THE_API.some((one) => one === name);

/** How many names are offered in the place of one that is not known. */
const NEAR_MAX = 3;

/** A hint that offers what may have been meant. */
export const nearOperations = (name: string, known: readonly string[] = OPERATION_IDS): string => {
  const near = known
    .map((one) => ({ one, far: distanceOf(name, one) }))
    .toSorted((one, other) => one.far - other.far)
    .slice(0, NEAR_MAX)
    .map(({ one }) => one);
  return `Did you mean ${near.slice(0, -1).join(", ")} or ${near.at(-1)}?`;
};

/** The same where the trail is asked. */
export const nearTrailOperations = (name: string): string =>
  nearOperations(name, OF_THE_TRAIL_AND_THE_API);

/** How far apart two names are, noun from noun and verb from verb. */
function distanceOf(name: string, other: string): number {
  const [noun = "", verb = ""] = partsOf(name);
  const [otherNoun = "", otherVerb = ""] = partsOf(other);
  return edits(noun, otherNoun) + edits(verb, otherVerb);
}

const partsOf = (name: string): readonly string[] => {
  const parts = name.toLowerCase().split(".");
  return [parts.at(-2) ?? parts[0] ?? "", parts.length > 1 ? (parts.at(-1) ?? "") : ""];
};

/** How many letters are to be put in, taken out or changed to make one word of the other: Levenshtein's distance. */
function edits(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [at, wanted] of [...other].entries()) {
      const change = (row[at] ?? 0) + (letter === wanted ? 0 : 1);
      next.push(Math.min(change, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
