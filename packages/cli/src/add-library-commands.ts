import type { Command } from "commander";
import { addLibraryRevisions } from "./add-version-commands.ts";
import type { LibraryCreateOptions } from "./commands/library-create.ts";
import type { LsOptions } from "./commands/library-ls.ts";
import type { LibraryRmOptions } from "./commands/library-rm.ts";
import type { LibraryUpdateOptions } from "./commands/library-update.ts";
import type { ProgramParts } from "./program.ts";

/** Adds the commands for libraries. */
export function addLibraryCommands(program: Command, parts: ProgramParts): void {
  const library = program.command("library").description("make, list, change and remove libraries");
  addCreate(library, parts);
  addLooks(library, parts);
  addChanges(library, parts);
  addLibraryRevisions(library, parts);
  addRm(library, parts);
}

function addCreate(library: Command, { run }: ProgramParts): void {
  library
    .command("create")
    .description("make a library; one of this name that exists already is left as it is")
    .argument("<name>", "name of the library, 1 to 80 characters")
    .option("--description <text>", "what the library is for")
    .action(async (name: string, options: LibraryCreateOptions, command: Command) => {
      const { libraryCreate } = await import("./commands/library-create.ts");
      await run(command, async (context) => await libraryCreate(context, name, options));
    });
}

function addLooks(library: Command, { run }: ProgramParts): void {
  library
    .command("ls")
    .description("list the libraries")
    .option("-l, --long", "tell more of each")
    .action(async (options: LsOptions, command: Command) => {
      const { libraryLs } = await import("./commands/library-ls.ts");
      await run(command, async (context) => await libraryLs(context, options));
    });
  library
    .command("find")
    .description("find the libraries of a name, in any case")
    .argument("<name>", "the whole name")
    .action(async (name: string, _options: object, command: Command) => {
      const { libraryFind } = await import("./commands/library-find.ts");
      await run(command, async (context) => await libraryFind(context, name));
    });
  library
    .command("info")
    .description("show all that is known of a library")
    .argument("<library>", "LIBRARY or id:UUID")
    .action(async (address: string, _options: object, command: Command) => {
      const { libraryInfo } = await import("./commands/library-info.ts");
      await run(command, async (context) => await libraryInfo(context, address));
    });
}

function addChanges(library: Command, { run }: ProgramParts): void {
  library
    .command("update")
    .description("change the description, the name or a setting of a library")
    .argument("<library>", "LIBRARY or id:UUID")
    .option("--description <text>", "what the library is for")
    .option("--name <name>", "what it is called from now on")
    .option("--reject-bad-iso", "take no bad images into items of type iso, whoever sends them")
    .option("--no-reject-bad-iso", "take them, and tell of them")
    .action(async (address: string, options: LibraryUpdateOptions, command: Command) => {
      const { libraryUpdate } = await import("./commands/library-update.ts");
      await run(command, async (context) => await libraryUpdate(context, address, options));
    });
  library
    .command("rename")
    .description("give a library another name; its id stays")
    .argument("<library>", "LIBRARY or id:UUID")
    .argument("<name>", "what it is called from now on")
    .action(async (address: string, name: string, _options: object, command: Command) => {
      const { libraryUpdate } = await import("./commands/library-update.ts");
      await run(command, async (context) => await libraryUpdate(context, address, { name }));
    });
}

function addRm(library: Command, { run }: ProgramParts): void {
  library
    .command("rm")
    .description("remove a library")
    .argument("<library>", "LIBRARY or id:UUID")
    .option("-f, --force", "remove it with everything it holds")
    .option("--plan", "only tell what would go: items, files, sizes, versions and sessions")
    .action(async (address: string, options: LibraryRmOptions, command: Command) => {
      const { libraryRm } = await import("./commands/library-rm.ts");
      await run(command, async (context) => await libraryRm(context, address, options));
    });
}
