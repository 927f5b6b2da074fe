import { Option } from "commander";
import type { Command } from "commander";
import { acceptOption, parseDigest } from "./add-push-command.ts";
import { collect } from "./collect.ts";
import type { PullOptions } from "./commands/pull.ts";
import type { PullUrlOptions } from "./commands/pull-url.ts";
import type { ProgramParts } from "./program.ts";
import { sourceOptions } from "./source-options.ts";
import { parsePatience } from "./span.ts";

/** Adds the commands that fetch: files to this machine, and files to the server from elsewhere. */
export function addPullCommands(program: Command, parts: ProgramParts): void {
  addPull(program, parts);
  addPullUrl(program, parts);
}

function addPull(program: Command, { run }: ProgramParts): void {
  program
    .command("pull")
    .description("fetch the files of an item and verify them")
    .argument("<item>", "LIBRARY/ITEM, LIBRARY/ITEM@VERSION or id:UUID")
    .argument("[directory]", "where to put the files; with --as ova perhaps FILE.ova", ".")
    .addOption(
      new Option(
        "--file <name>",
        "only this file, or those that a pattern like '*.vmdk' matches; may be given more than once",
      ).argParser(collect),
    )
    .addOption(
      new Option("--as <form>", "ova: the very archive that was pushed, in place of the files")
        .choices(["ova"])
        .conflicts("file"),
    )
    .option("-f, --force", "replace files here that differ")
    .option(
      "--retry-for <span>",
      "how long to go on where nothing moves, like 30s or 10m; about half a minute when absent",
      parsePatience,
    )
    .action(async (address: string, directory: string, options: PullOptions, command: Command) => {
      const { pull } = await import("./commands/pull.ts");
      await run(command, async (context) => await pull(context, address, directory, options));
    });
}

const PULL_URL_HELP = `
Examples:
  contentlib pull-url images/debian https://mirror.example.org/debian.iso
  contentlib pull-url images/vm https://nas.local/vm.ovf --pin-key sha256//aTew9X3g...
  contentlib pull-url images/vm https://build.example.org/vm.ova --secret builds --no-wait
  contentlib pull-url images/debian ds:///san/debian.iso   from a directory that the operator opened

The server fetches, not this machine, so no byte of it comes here. With a descriptor it
fetches the files that it names, too. "contentlib probe" tells what is in the way before anything begins.`;

function addPullUrl(program: Command, { run }: ProgramParts): void {
  const command = program
    .command("pull-url")
    .description(
      "have the server fetch files from elsewhere, or from its own storage, into an item",
    )
    .argument("<item>", "LIBRARY/ITEM or id:UUID; a missing item is made")
    .argument("<urls...>", "addresses of the files, which become one content version")
    .option("--as <name>", "name of the file in the item; else what its address ends with")
    .option("--sha256 <digest>", "SHA-256 that the one file must have", parseDigest)
    .option("--type <type>", "type of an item that is made, like iso")
    .option("-m, --message <text>", "what the change is, for whoever reads the item's changes")
    .addOption(acceptOption())
    .addOption(
      new Option(
        "--pin-cert <file>",
        "trust the certificate in this PEM file, and no other",
      ).conflicts(["thumbprint", "pinKey", "pinCa"]),
    )
    .option("--no-wait", "leave it to the server, and print the session that fetches")
    .addHelpText("after", PULL_URL_HELP)
    .action(async (address: string, urls: string[], options: PullUrlOptions, called: Command) => {
      const { pullUrl } = await import("./commands/pull-url.ts");
      await run(called, async (context) => await pullUrl(context, address, urls, options));
    });
  for (const option of sourceOptions()) command.addOption(option);
}
