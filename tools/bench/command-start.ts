import { type Bench, inTurn, type Measure } from "./bench.ts";
import { runCommand, runNode } from "./command-run.ts";
import { absoluteFinding } from "./finding.ts";
import { environmentIn } from "./product.ts";

/** Milliseconds of the shortest command, whose code has been compiled before, beside a Node that does nothing. */
export const commandStart: Measure = {
  name: "command-start",
  async run({ scratch, effort }: Bench) {
    const env = environmentIn(scratch.folder("command"));
    const samples = {
      product: async () => (await runCommand(["--version"], { env })).seconds * 1000,
      bare: async () => (await runNode(["--eval", "0"], { env })).seconds * 1000,
    };
    await inTurn(1, samples);
    const values = await inTurn(effort.rounds, samples);
    const finding = absoluteFinding(
      {
        measure: "start and end of contentlib --version, warm",
        product: { name: "contentlib", unit: "ms", values: values.product },
        baseline: { name: "Node that does nothing", unit: "ms", values: values.bare },
      },
      { sign: "<=", limit: 150 },
    );
    return [finding];
  },
};
