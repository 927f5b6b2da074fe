/** Does some work for each of the things, at most so many at a time, and answers the results in their order. */
export async function inParallel<Thing, Result>(
  things: readonly Thing[],
  atOnceMax: number,
  work: (thing: Thing, signal: AbortSignal) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Map<number, Result>();
  const failed = new AbortController();
  const failure: { error?: unknown; has: boolean } = { has: false };
  const queue = things.entries();
  const lane = async (): Promise<void> => {
    for (const [index, thing] of queue) {
      if (failure.has) return;
      try {
        results.set(index, await work(thing, failed.signal));
      } catch (error) {
        if (!failure.has) Object.assign(failure, { has: true, error });
        failed.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnceMax, things.length) }, lane));
  if (failure.has) throw failure.error;
  return things.map((_, index) => results.get(index) as Result);
}
