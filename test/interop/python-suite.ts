import assert from "node:assert/strict";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { clientEnvironment } from "./program-environment.ts";
import { type PythonEnvironment, scripts } from "./python-environment.ts";
import { runProgram } from "./run-program.ts";

/** How long one suite may take, in milliseconds. */
const SUITE_TIMEOUT_MS = 180_000;

/** A line of `run_suite.py`. */
interface Line {
  readonly client?: string;
  readonly test?: string;
  readonly state?: "passed" | "failed" | "skipped";
  readonly text?: string;
}

/** Which suite to run, and against what. */
export interface SuiteRun {
  readonly environment: PythonEnvironment;
  /** Names a module in `python`. */
  readonly module: string;
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** What else the module is told. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the suite, and makes a test of each of its cases. Answers the versions of the packages that ran. */
export async function runPythonSuite(t: TestContext, run: SuiteRun): Promise<string> {
  const { environment, module, url, user, password, env = {} } = run;
  const end = await runProgram({
    command: environment.python,
    argv: ["-B", join(scripts, "run_suite.py"), module],
    env: clientEnvironment({
      LIBRARY_URL: url,
      LIBRARY_USER: user,
      LIBRARY_PASSWORD: password,
      ...env,
    }),
    cwd: environment.folder,
    timeoutMs: SUITE_TIMEOUT_MS,
  });
  const lines = end.out
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line);
  const cases = lines.filter(({ test }) => test !== undefined);
  assert.notEqual(cases.length, 0, `${module} ran no case:\n${end.out}${end.err}`);
  for (const { test = "", state, text } of cases) {
    await t.test(test, (inner) => {
      if (state === "skipped") inner.skip(text);
      else assert.equal(state, "passed", text);
    });
  }
  // A suite that breaks off has cases that passed, and those that never ran.
  const isAnyFailed = cases.some(({ state }) => state === "failed");
  assert.equal(end.code, isAnyFailed ? 1 : 0, `${module} ended badly:\n${end.err}`);
  return lines.find(({ client }) => client !== undefined)?.client ?? "";
}
