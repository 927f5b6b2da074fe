// The tests: node tools/run.mjs tools/test.ts [check | more | FILES]. The last line printed is the tally.
import { staticChecks } from "./static-checks.ts";
import { addTallies, emptyTally, formatTally, type Tally } from "./tally.ts";
import { runTestFiles } from "./test-files.ts";

interface Selection {
  readonly isStatic: boolean;
  readonly patterns: readonly string[];
}

const besideTheCode = ["packages/*/src/**/*.test.ts", "tools/**/*.test.ts"];

/** `check` is the inner loop; `more` is what needs real processes, sockets and time. */
const selections: Readonly<Record<string, Selection>> = {
  all: { isStatic: true, patterns: [...besideTheCode, "test/*.test.ts"] },
  check: { isStatic: true, patterns: besideTheCode },
  more: { isStatic: false, patterns: ["test/*/**/*.test.ts"] },
};

const [first = "all", ...others] = process.argv.slice(2);
await main(selections[first] ?? { isStatic: false, patterns: [first, ...others] });

async function main({ isStatic, patterns }: Selection): Promise<void> {
  const checked = isStatic ? runStaticChecks() : emptyTally;
  const tally = addTallies(checked, await runTestFiles(patterns));
  console.log(formatTally(tally));
  process.exitCode = tally.failed > 0 ? 1 : 0;
}

function runStaticChecks(): Tally {
  let tally = emptyTally;
  for (const check of staticChecks) {
    const { passed, output } = check.run();
    console.log(passed ? `ok     ${check.name}` : `FAILED ${check.name}\n${output.trimEnd()}`);
    tally = addTallies(tally, { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 });
  }
  return tally;
}
