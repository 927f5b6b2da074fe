import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Bench, Measure } from "./bench.ts";
import { logInAt, runCommand } from "./command-run.ts";
import { sizeText } from "./effort.ts";
import { absoluteFinding, skippedFinding } from "./finding.ts";
import { hasProcessFigures } from "./process-figures.ts";
import { Api, startProduct } from "./product.ts";

const LIBRARY = "pushed";
/** Room on the disk that is left to others: the server writes each zero. */
const DISK_KEPT_BYTES = 2 * 1024 * 1024 * 1024;

/** The most memory of one `contentlib push` of a very long file: once, since it takes its time. */
export const pushMemory: Measure = {
  name: "push-memory",
  async run(bench: Bench) {
    const { scratch, effort } = bench;
    const measure = `peak memory of contentlib push, one hole of ${sizeText(effort.holeBytes)}`;
    if (!hasProcessFigures)
      return [skippedFinding(measure, "this system does not show what a process takes")];
    if (scratch.freeDataBytes() < effort.holeBytes + DISK_KEPT_BYTES)
      return [skippedFinding(measure, `the disk has no room for ${sizeText(effort.holeBytes)}`)];
    const path = scratch.holeFile(effort.holeBytes);
    await using product = await startProduct(bench);
    const env = await logInAt(product);
    await (await Api.open(product.url)).createLibrary(LIBRARY);
    const run = await runCommand(["push", path, `${LIBRARY}/hole`], { env });
    await product[Symbol.asyncDispose]();
    await rm(dirname(product.dataDirectory), { recursive: true });
    const finding = absoluteFinding(
      {
        measure,
        product: { name: "contentlib push", unit: "MB", values: [run.peakBytes / 1e6] },
        note: `taken once; it took ${run.seconds.toFixed(0)} s`,
      },
      { sign: "<=", limit: 150 },
    );
    return [finding];
  },
};
