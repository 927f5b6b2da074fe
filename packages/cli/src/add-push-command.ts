import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { collectWarning, WARNING_NAMES } from "./accepted-warnings.ts";
import type { PushOptions } from "./commands/push.ts";
import type { ProgramParts } from "./program.ts";
import { parsePatience } from "./span.ts";

/** Adds `push`. */
export function addPushCommand(program: Command, { run }: ProgramParts): void {
  program
    .command("push")
    .description(
      "send files into an item, all or none; a missing item is made, files of the same name are replaced",
    )
    .argument(
      "<paths...>",
      "FILE... LIBRARY/ITEM: files, folders of files, or quoted patterns like '*.iso', and the item they go to; an .ovf brings the files it names; - is the standard input",
    )
    .usage("[options] FILE... LIBRARY/ITEM")
    .option("--type <type>", "type of an item that is made, like iso")
    .option("--replace", "remove the item's other files in the same step")
    .option("--replace-all", "the same as --replace")
    .option("-m, --message <text>", "what the change is, for whoever reads the item's changes")
    .option("--name <name>", "name of the file that is read from the standard input")
    .option("--sha256 <digest>", "SHA-256 that the one file must have", parseDigest)
    .addOption(acceptOption())
    .option("--force", "send images and packages that lack something, too")
    .option("--no-resume", "send all from the first byte, whatever the server has already")
    .option(
      "--retry-for <span>",
      "how long to go on where nothing moves, like 30s or 10m; about half a minute when absent",
      parsePatience,
    )
    .action(async (words: string[], options: PushOptions, command: Command) => {
      const address = words.at(-1) ?? "";
      const paths = words.slice(0, -1);
      if (paths.length === 0)
        command.error(
          "error: push needs files and an item, like: contentlib push debian.iso images/debian",
        );
      const { push } = await import("./commands/push.ts");
      await run(command, async (context) => await push(context, paths, address, options));
    });
}

/** The option that accepts warnings. */
export const acceptOption = (): Option =>
  new Option(
    "--accept <warning>",
    "take this warning of signed content on yourself; may be given more than once",
  )
    .choices(WARNING_NAMES)
    .argParser(collectWarning);

/** Reads a SHA-256. Throws InvalidArgumentError for what is none. */
export function parseDigest(value: string): string {
  const digits = value.replace(/^sha256:/i, "");
  if (/^[0-9a-f]{64}$/i.test(digits)) return digits.toLowerCase();
  throw new InvalidArgumentError("A SHA-256 is 64 hexadecimal digits, perhaps behind sha256:");
}
