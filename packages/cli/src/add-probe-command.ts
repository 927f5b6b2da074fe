import { Option } from "commander";
import type { Command } from "commander";
import type { ProbeOptions } from "./commands/probe.ts";
import type { ProgramParts } from "./program.ts";

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
  program
    .command("probe")
    .description("tell whether the server can fetch from an address, and what certificate is there")
    .argument("<url>", "an http or https address")
    .addOption(
      new Option(
        "--thumbprint <print>",
        "trust the certificate with this SHA-1 or SHA-256, and no other",
      ).conflicts(["pinKey", "pinCa"]),
    )
    .addOption(
      new Option(
        "--pin-key <print>",
        "trust whoever has this key (sha256//...), and nobody else",
      ).conflicts("pinCa"),
    )
    .option(
      "--pin-ca <print>",
      "trust what the authority with this key (sha256//...) has signed, and nothing else",
    )
    .addOption(
      new Option("--secret <name>", "log in there by this secret of the server").conflicts([
        "thumbprint",
        "pinKey",
        "pinCa",
      ]),
    )
    .addHelpText("after", HELP)
    .action(async (url: string, options: ProbeOptions, command: Command) => {
      const { probe } = await import("./commands/probe.ts");
      await run(command, async (context) => await probe(context, url, options));
    });
}
