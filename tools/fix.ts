// Mends what a machine can mend: the safe lint fixes, then the format.
import { runTool } from "./command.ts";

const lint = runTool("oxlint/bin/oxlint", ["--fix", "--format=unix"]);
const format = runTool("oxfmt/bin/oxfmt", ["."]);
process.stdout.write(lint.output + format.output);
process.exitCode = lint.passed && format.passed ? 0 : 1;
