import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../command.ts";

/** What the command line asks for. */
export interface BenchOptions {
  readonly isQuick: boolean;
  /** Names of measures; all of them when empty. */
  readonly only: readonly string[];
  readonly rounds: number | undefined;
  readonly jsonFile: string;
  readonly dataRoot: string;
  readonly nodeFlags: readonly string[];
  readonly wantsHelp: boolean;
}

/** The help, given the names of the measures. */
export const benchHelp = (names: readonly string[]): string =>
  `npm run bench -- [flags]
  --only NAME       this measure alone; may be given again (${names.join(", ")})
  --quick           small sizes and few rounds: shows that everything runs, and no more
  --rounds N        how often A and B are taken in turn
  --json FILE       where the figures go (bench-results.json)
  --data-root DIR   the disk on which both servers write (.bench in the clone)
  --node-flags=F    flags for the Node that runs contentlib, e.g. "--cpu-prof --cpu-prof-dir=profiles"
`;

/** Throws on a flag that is not known, or a number that is none. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", multiple: true, default: [] },
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      json: { type: "string", default: join(root, "bench-results.json") },
      "data-root": { type: "string", default: join(root, ".bench") },
      "node-flags": { type: "string", default: "" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) {
    throw new Error(`--rounds takes a whole number above 0, not ${String(values.rounds)}.`);
  }
  return {
    isQuick: values.quick,
    only: values.only,
    rounds,
    jsonFile: values.json,
    dataRoot: values["data-root"],
    nodeFlags: values["node-flags"].split(" ").filter((flag) => flag !== ""),
    wantsHelp: values.help,
  };
}
