// Says what this machine lacks for the parts of the work that not everyone does.
import { capture } from "./command.ts";

interface Need {
  readonly command: string;
  readonly args: readonly string[];
  readonly purpose: string;
  readonly isOptional: boolean;
}

const needs: readonly Need[] = [
  { command: "git", args: ["--version"], purpose: "the tidy test, .ci/run", isOptional: false },
  { command: "npm", args: ["--version"], purpose: "dependencies, packing", isOptional: false },
  {
    command: "bash",
    args: ["--version"],
    purpose: ".ci/run, examples in the guides",
    isOptional: true,
  },
  {
    command: "curl",
    args: ["--version"],
    purpose: "examples in the guides, the bench",
    isOptional: true,
  },
];

console.log(`ok       node ${process.versions.node}`);
for (const { command, args, purpose, isOptional } of needs) {
  const { passed, output } = capture(command, args);
  const version = /\d+(?:\.\d+)+/.exec(output)?.[0] ?? "";
  if (passed) console.log(`ok       ${command} ${version}`);
  else console.log(`${isOptional ? "optional" : "MISSING "} ${command}, for ${purpose}`);
  if (!passed && !isOptional) process.exitCode = 1;
}
