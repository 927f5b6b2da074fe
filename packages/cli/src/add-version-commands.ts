import { InvalidArgumentError } from "commander";
import type { Command } from "commander";
import type { LibraryRevisionsOptions } from "./commands/library-revisions.ts";
import type { RollbackOptions } from "./commands/rollback.ts";
import type { ProgramParts } from "./program.ts";

const version = (text: string): string => {
  if (/^[1-9]\d{0,15}$/.test(text)) return text;
  throw new InvalidArgumentError("A content version is a number from 1.");
};

const count = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a number from 1 to 1000.");
};

/** Adds the commands for content versions: which ones an item keeps, and going back to one. */
export function addVersionCommands(program: Command, { run }: ProgramParts): void {
  program
    .command("versions")
    .description("list the content versions of an item that are kept, who made them and why")
    .argument("<item>", "LIBRARY/ITEM or id:UUID")
    .action(async (address: string, _options: object, command: Command) => {
      const { versions } = await import("./commands/versions.ts");
      await run(command, async (context) => await versions(context, address));
    });
  program
    .command("rollback")
    .description("make an earlier content version of an item current again, as a new one")
    .argument("<item>", "LIBRARY/ITEM or id:UUID")
    .option("--to <version>", "which; the one before the present when absent", version)
    .option("-m, --message <text>", "what is said of the change")
    .action(async (address: string, options: RollbackOptions, command: Command) => {
      const { rollback } = await import("./commands/rollback.ts");
      await run(command, async (context) => await rollback(context, address, options));
    });
}

/** Adds the command for how many content versions the items of a library keep. */
export function addLibraryRevisions(library: Command, { run }: ProgramParts): void {
  library
    .command("revisions")
    .description("show or set how many content versions of each item a library keeps")
    .argument("<library>", "LIBRARY or id:UUID")
    .argument("[count]", "how many, from 1 to 1000, the present one among them", count)
    .option("--default", "let the number of the server count again")
    .action(
      async (
        address: string,
        wanted: number | undefined,
        options: LibraryRevisionsOptions,
        command: Command,
      ) => {
        if (wanted !== undefined && options.default)
          command.error("error: a count and --default exclude each other");
        const { libraryRevisions } = await import("./commands/library-revisions.ts");
        const wish = { ...options, ...(wanted === undefined ? {} : { count: wanted }) };
        await run(command, async (context) => await libraryRevisions(context, address, wish));
      },
    );
}
