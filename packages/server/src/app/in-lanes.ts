/** One walk over the things, which ends for all who share it as soon as one of them leaves it. */
const sharedWalk = function* <Thing>(things: Iterable<Thing>): Generator<Thing, void, undefined> {
  yield* things;
};

/**
 * Does some work for each of the things, at most so many at a time, begun in their order. Where the work of one fails nothing new
 * is begun, and what was is waited for before the failure is thrown.
 */
export const inLanes = async <Thing>(
  things: Iterable<Thing>,
  lanesMax: number,
  work: (thing: Thing) => Promise<void>,
): Promise<void> => {
  const walk = sharedWalk(things);
  const lane = async (): Promise<void> => {
    for (const thing of walk) await work(thing);
  };
  for (const end of await Promise.allSettled(Array.from({ length: lanesMax }, lane)))
    if (end.status === "rejected") throw end.reason;
};
