import type { Command } from "commander";
import { collect } from "./collect.ts";
import type { LintCommandOptions } from "./commands/lint.ts";
import type { ProgramParts } from "./program.ts";

/** Adds `lint`. */
export function addLintCommand(program: Command, { run }: ProgramParts): void {
  program
    .command("lint")
    .description("check OVA, OVF and ISO files before they go anywhere; needs no server")
    .argument(
      "<files...>",
      "x.ova, x.ovf with the files beside it, x.iso; - is an OVA on the standard input",
    )
    .option(
      "--trust <file>",
      "trust the certificates of this PEM file besides those of the system; may be given more than once",
      collect,
    )
    .option("--strict", "let warnings fail as errors do")
    .action(async (files: string[], options: LintCommandOptions, command: Command) => {
      const { lint } = await import("./commands/lint.ts");
      await run(command, async (context) => await lint(context, files, options));
    });
}
