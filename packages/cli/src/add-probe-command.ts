import type { Command } from "commander";
import type { ProbeOptions } from "./commands/probe.ts";
import type { ProgramParts } from "./program.ts";
import { sourceOptions } from "./source-options.ts";

const HELP = `
Examples:
  contentlib probe https://mirror.example.org/debian.iso
  contentlib probe https://nas.local/a.ova --pin-key sha256//aTew9X3g...   does the server know it by this key?

The server looks, not this machine: what it can reach and whom it trusts is what counts. A
login in the address is used, and is shown by nobody; but the list of processes of this
machine and the history of your shell hold what you type. A secret that an administrator
has set is told in neither: see contentlib secret --help.`;

/** Adds the command that looks at the address of a source. */
export function addProbeCommand(program: Command, { run }: ProgramParts): void {
  const command = program
    .command("probe")
    .description("tell whether the server can fetch from an address, and what certificate is there")
    .argument("<url>", "an http or https address")
    .addHelpText("after", HELP)
    .action(async (url: string, options: ProbeOptions, called: Command) => {
      const { probe } = await import("./commands/probe.ts");
      await run(called, async (context) => await probe(context, url, options));
    });
  for (const option of sourceOptions()) command.addOption(option);
}
