import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the clone, where every script runs. */
export const root: string = join(dirname(fileURLToPath(import.meta.url)), "..");

export interface Outcome {
  readonly passed: boolean;
  readonly output: string;
}

/** Runs a program to its end and returns what it printed on both streams, in no promised order. */
export function capture(command: string, args: readonly string[]): Outcome {
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = `${result.stdout ?? ""}${result.stderr ?? ""}${result.error?.message ?? ""}`;
  return { passed: result.status === 0, output };
}

/** Runs the command line of an installed package on the Node that runs this script. */
export function runTool(entry: string, args: readonly string[]): Outcome {
  return capture(process.execPath, [join(root, "node_modules", entry), ...args]);
}
