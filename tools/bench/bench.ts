import type { Effort } from "./effort.ts";
import type { Finding } from "./finding.ts";
import type { Scratch } from "./scratch.ts";

/** What every measure works with. */
export interface Bench {
  readonly effort: Effort;
  readonly scratch: Scratch;
  /** Flags for the Node that runs our server, to profile it with. */
  readonly nodeFlags: readonly string[];
}

/** One row of the table, or several that come of the same rounds. */
export interface Measure {
  /** As `--only` takes it. */
  readonly name: string;
  run(bench: Bench): Promise<readonly Finding[]>;
}

/**
 * Takes each of the samples once a round, in turn, and each round in the opposite order of the one before, so that a drift of
 * the machine meets all of them alike. The result has the values of each by its name.
 */
export async function inTurn<Name extends string>(
  rounds: number,
  samples: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(samples) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    number[]
  >;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      values[name].push(await samples[name]());
    }
  }
  return values;
}
