/** How many calls a command has open at once. */
const CALLS_MAX = 8;

/** Does the work for every element, a few at a time, and keeps the order. */
export async function inBatches<Element, Result>(
  elements: readonly Element[],
  work: (element: Element) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < elements.length; start += CALLS_MAX) {
    results.push(...(await Promise.all(elements.slice(start, start + CALLS_MAX).map(work))));
  }
  return results;
}
