import { Argument, Option } from "commander";
import type { Command } from "commander";
import type { CompleteOptions } from "./commands/complete.ts";
import { SHELLS } from "./completion-scripts.ts";
import type { Shell } from "./completion-scripts.ts";
import type { ProgramParts } from "./program.ts";

const HELP = `
In this shell, and in those to come when the line stands in the file that the shell reads:
  bash  source <(contentlib completion bash)
  zsh   source <(contentlib completion zsh)       after compinit
  fish  contentlib completion fish | source

Names of libraries and items are completed by asking the server, for a second at most.`;

/** Adds the command that prints a shell's script, and the hidden one that those scripts ask. */
export function addCompletionCommands(program: Command, { run }: ProgramParts): void {
  program
    .command("completion")
    .description("print the script that lets a shell complete commands, options and names")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .addHelpText("after", HELP)
    .action(async (shell: Shell, _options: object, command: Command) => {
      const { completion } = await import("./commands/completion.ts");
      await run(command, async (context) => await completion(context, shell));
    });
  program
    .command("__complete", { hidden: true })
    .argument("[words...]")
    .addOption(new Option("--line <line>"))
    .action(async (words: string[], options: CompleteOptions, command: Command) => {
      const { complete } = await import("./commands/complete.ts");
      await run(command, async (context) => await complete(context, program, words, options));
    });
}
