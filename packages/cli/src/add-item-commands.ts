import { Option } from "commander";
import type { Command } from "commander";
import type { FindOptions } from "./commands/find.ts";
import type { LsOptions } from "./commands/library-ls.ts";
import type { RmOptions } from "./commands/rm.ts";
import type { ProgramParts } from "./program.ts";

/** Adds the commands that look at items, and those that copy, rename and remove them whole. */
export function addItemCommands(program: Command, parts: ProgramParts): void {
  addLooks(program, parts);
  addFind(program, parts);
  addChanges(program, parts);
}

function addLooks(program: Command, { run }: ProgramParts): void {
  program
    .command("ls")
    .description("list the libraries, the items of a library, or the files of an item")
    .argument("[address]", "LIBRARY, LIBRARY/ITEM, LIBRARY/ITEM@VERSION or id:UUID")
    .option("-l, --long", "tell more of each")
    .action(async (address: string | undefined, options: LsOptions, command: Command) => {
      const { ls } = await import("./commands/ls.ts");
      await run(command, async (context) => await ls(context, address, options));
    });
  program
    .command("info")
    .description("show all that is known of a library or an item, checksums included")
    .argument("<address>", "LIBRARY, LIBRARY/ITEM, LIBRARY/ITEM@VERSION or id:UUID")
    .action(async (address: string, _options: object, command: Command) => {
      const { info } = await import("./commands/info.ts");
      await run(command, async (context) => await info(context, address));
    });
}

function addFind(program: Command, { run }: ProgramParts): void {
  program
    .command("find")
    .description("find the items of a name, in any case")
    .argument("<name>", "the whole name")
    .option("--library <library>", "only in this LIBRARY")
    .option("--type <type>", "only items of this type, like iso")
    .option("-l, --long", "tell more of each")
    .action(async (name: string, options: FindOptions, command: Command) => {
      const { find } = await import("./commands/find.ts");
      await run(command, async (context) => await find(context, name, options));
    });
}

function addChanges(program: Command, { run }: ProgramParts): void {
  program
    .command("cp")
    .description("copy an item on the server, within a library or into another; no bytes move")
    .argument("<source>", "LIBRARY/ITEM or id:UUID")
    .argument("<destination>", "LIBRARY/ITEM, or a LIBRARY where it keeps its name")
    .action(async (from: string, to: string, _options: object, command: Command) => {
      const { cp } = await import("./commands/cp.ts");
      await run(command, async (context) => await cp(context, from, to));
    });
  program
    .command("mv")
    .description("give an item another name in its library; its id stays")
    .argument("<source>", "LIBRARY/ITEM or id:UUID")
    .argument("<destination>", "LIBRARY/ITEM, in the same library")
    .action(async (from: string, to: string, _options: object, command: Command) => {
      const { mv } = await import("./commands/mv.ts");
      await run(command, async (context) => await mv(context, from, to));
    });
  program
    .command("rm")
    .description("remove items with all their files and versions")
    .argument("<items...>", "LIBRARY/ITEM or id:UUID, each; with --match LIBRARY/PATTERN")
    .option("-y, --yes", "do not ask")
    .option("--match", "take all items whose names match, like 'images/debian-*'")
    .addOption(
      new Option(
        "--plan",
        "only tell what would go: files, sizes, versions and sessions",
      ).conflicts("yes"),
    )
    .action(async (addresses: string[], options: RmOptions, command: Command) => {
      const { rm } = await import("./commands/rm.ts");
      await run(command, async (context) => await rm(context, addresses, options));
    });
}
