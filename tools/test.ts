// The tests: node tools/run.mjs tools/test.ts [check | more | interop | FILES]. The last line printed is the tally.
import { staticChecks } from "./static-checks.ts";
import { addTallies, emptyTally, formatTally, type Tally } from "./tally.ts";
import { type Limits, runTestFiles } from "./test-files.ts";

interface Selection {
  readonly isStatic: boolean;
  readonly patterns: readonly string[];
  readonly limits: Limits;
}

const besideTheCode = ["packages/*/src/**/*.test.ts", "tools/**/*.test.ts"];
const quick: Limits = { testMs: 60_000, runMs: 360_000 };
const slow: Limits = { testMs: 600_000, runMs: 1_800_000 };

/**
 * `check` is the inner loop; `more` is what needs real processes, sockets and time; `interop` fetches other people's clients
 * and lets them loose on a server.
 */
const selections: Readonly<Record<string, Selection>> = {
  all: { isStatic: true, patterns: [...besideTheCode, "test/*.test.ts"], limits: quick },
  check: { isStatic: true, patterns: besideTheCode, limits: quick },
  more: { isStatic: false, patterns: ["test/!(interop)/**/*.test.ts"], limits: slow },
  interop: { isStatic: false, patterns: ["test/interop/**/*.test.ts"], limits: slow },
};

const [first = "all", ...others] = process.argv.slice(2);
const named: Selection = { isStatic: false, patterns: [first, ...others], limits: slow };
const { isStatic, patterns, limits } = selections[first] ?? named;
const checked = isStatic ? runStaticChecks() : emptyTally;
const tally = addTallies(checked, await runTestFiles(patterns, limits));
console.log(formatTally(tally));
// A file that was ended may leave something open here, which shall not hold the answer back.
process.exit(tally.failed > 0 ? 1 : 0);

function runStaticChecks(): Tally {
  let sum = emptyTally;
  for (const check of staticChecks) {
    const { passed, output } = check.run();
    console.log(passed ? `ok     ${check.name}` : `FAILED ${check.name}\n${output.trimEnd()}`);
    sum = addTallies(sum, { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 });
  }
  return sum;
}
