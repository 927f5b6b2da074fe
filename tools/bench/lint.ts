import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../command.ts";
import { archiveOf } from "./archive.ts";
import { type Bench, inTurn, type Measure } from "./bench.ts";
import { sizeText } from "./effort.ts";
import { ratioFinding } from "./finding.ts";

/** Megabytes a second of a program that reads the file, from its start to its end. */
function rateOf(
  sizeBytes: number,
  command: string,
  args: readonly string[],
): () => Promise<number> {
  return async () => {
    const startedMs = performance.now();
    // A finding that keeps the archive out, or a program that fails, is no measure.
    execFileSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
    return await Promise.resolve(sizeBytes / 1000 / (performance.now() - startedMs));
  };
}

/** The whole command, its start included, against the digest alone. */
export const lint: Measure = {
  name: "lint",
  async run({ scratch, effort, nodeFlags }: Bench) {
    const file = scratch.randomFile(effort.fileBytes);
    const archive = archiveOf(file);
    const command = join(root, "bin", "contentlib.mjs");
    const samples = {
      product: rateOf(file.sizeBytes, process.execPath, [...nodeFlags, command, "lint", archive]),
      openssl: rateOf(file.sizeBytes, "openssl", ["dgst", "-sha256", archive]),
    };
    await inTurn(1, samples);
    const values = await inTurn(effort.rounds, samples);
    const finding = ratioFinding(
      {
        measure: `lint of an OVA of ${sizeText(effort.fileBytes)} with a manifest`,
        product: { name: "contentlib lint", unit: "MB/s", values: values.product },
        baseline: { name: "openssl dgst -sha256", unit: "MB/s", values: values.openssl },
      },
      { sign: ">=", limit: 0.75 },
    );
    return [finding];
  },
};
