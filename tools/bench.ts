// Measures the server against baselines taken in the same run: node tools/run.mjs tools/bench.ts [flags]. docs/benchmarks.md
// says how to read it. A bound that is missed is no failure of the run; a measure that could not be taken is one.
import { writeFileSync } from "node:fs";
import type { Measure } from "./bench/bench.ts";
import { commandStart } from "./bench/command-start.ts";
import { cycles } from "./bench/cycles.ts";
import { download } from "./bench/download.ts";
import { fullEffort, quickEffort } from "./bench/effort.ts";
import type { Finding } from "./bench/finding.ts";
import { getSession } from "./bench/get-session.ts";
import { latency } from "./bench/latency.ts";
import { lint } from "./bench/lint.ts";
import { longList } from "./bench/long-list.ts";
import { memory } from "./bench/memory.ts";
import { type BenchOptions, benchHelp, readOptions } from "./bench/options.ts";
import { pull } from "./bench/pull.ts";
import { push } from "./bench/push.ts";
import { pushInBrowser } from "./bench/push-in-browser.ts";
import { pushMany } from "./bench/push-many.ts";
import { pushMemory } from "./bench/push-memory.ts";
import { pushOva } from "./bench/push-ova.ts";
import { describeMachine, formatJson, formatTable } from "./bench/report.ts";
import { resume } from "./bench/resume.ts";
import { scale } from "./bench/scale.ts";
import { Scratch } from "./bench/scratch.ts";
import { start } from "./bench/start.ts";
import { upload } from "./bench/upload.ts";
import { validate } from "./bench/validate.ts";
import { wires } from "./bench/wires.ts";

const measures: readonly Measure[] = [
  upload,
  resume,
  download,
  memory,
  latency,
  getSession,
  wires,
  cycles,
  scale,
  longList,
  lint,
  start,
  push,
  pushMany,
  pushMemory,
  pushInBrowser,
  commandStart,
  pushOva,
  pull,
  validate,
];
const names = measures.map(({ name }) => name);
const options = readOptions(process.argv.slice(2));
if (options.wantsHelp) console.log(benchHelp(names));
else await run(options);

async function run({ only, ...flags }: BenchOptions): Promise<void> {
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`There is no measure ${unknown}.\n${benchHelp(names)}`);
  const effort = flags.isQuick ? quickEffort : fullEffort;
  using scratch = new Scratch(flags.dataRoot, effort.fileBytes);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      scratch[Symbol.dispose]();
      process.exit(1);
    });
  }
  if (!scratch.isSourceInMemory)
    console.log("No room in memory: what is sent is read from a disk.");
  const bench = {
    effort: { ...effort, rounds: flags.rounds ?? effort.rounds },
    scratch,
    nodeFlags: flags.nodeFlags,
  };
  const findings: Finding[] = [];
  for (const measure of measures.filter(({ name }) => only.length === 0 || only.includes(name))) {
    findings.push(...(await take(measure, () => measure.run(bench))));
    writeFileSync(flags.jsonFile, formatJson(describeMachine(), findings));
  }
  console.log(`\n${formatTable(findings)}\n\nall figures: ${flags.jsonFile}`);
}

/** A measure that fails takes none of the others with it. */
async function take(
  { name }: Measure,
  work: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const startedMs = performance.now();
  try {
    const findings = await work();
    console.error(`${name}: ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
    return findings;
  } catch (error) {
    console.error(`${name} could not be measured:`, error);
    process.exitCode = 1;
    return [];
  }
}
