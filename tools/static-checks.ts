import { type Outcome, runTool } from "./command.ts";

export interface StaticCheck {
  readonly name: string;
  run(): Outcome;
}

/** What can be said of the code without running it. Each counts as one test. */
export const staticChecks: readonly StaticCheck[] = [
  { name: "format (oxfmt)", run: () => runTool("oxfmt/bin/oxfmt", ["--list-different", "."]) },
  { name: "types (tsc)", run: () => runTool("typescript/bin/tsc", ["-b"]) },
  { name: "lint (oxlint)", run: () => runTool("oxlint/bin/oxlint", ["--format=unix"]) },
];
