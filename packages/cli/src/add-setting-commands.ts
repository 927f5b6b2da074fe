import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import type { ConfigUpdateOptions } from "./commands/config.ts";
import type { ProgramParts } from "./program.ts";

const number = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a number.");
};

/** Adds the commands for settings: those of the service, and this user's own. */
export function addSettingCommands(program: Command, parts: ProgramParts): void {
  addConfig(program, parts);
  addProfile(program, parts);
}

function addConfig(program: Command, { run }: ProgramParts): void {
  const config = program
    .command("config")
    .description("show and change the settings of the whole service");
  config
    .command("get")
    .description("show the settings")
    .action(async (_options: object, command: Command) => {
      const { configGet } = await import("./commands/config.ts");
      await run(command, configGet);
    });
  config
    .command("update")
    .description("change settings; those that are not named stay as they are")
    .addOption(
      new Option(
        "--automatic-sync <state>",
        "whether subscribed libraries follow by themselves",
      ).choices(["on", "off"]),
    )
    .option("--sync-from <hour>", "hour of the day from which they do, 0 to 23", number)
    .option("--sync-until <hour>", "hour of the day after which none begins, 0 to 23", number)
    .option("--syncs-max <count>", "how many items at most are fetched at once", number)
    .option("--pulls-max <count>", "how many files at most are pulled at once", number)
    .option("--pulls-per-server-max <count>", "how many of them from one server", number)
    .action(async (options: ConfigUpdateOptions, command: Command) => {
      const { configUpdate } = await import("./commands/config.ts");
      await run(command, async (context) => await configUpdate(context, options));
    });
  config
    .command("path")
    .description("print where the profiles of this user are kept")
    .action(async (_options: object, command: Command) => {
      const { configPath } = await import("./commands/config.ts");
      await run(command, configPath);
    });
}

function addProfile(program: Command, { run }: ProgramParts): void {
  const profile = program
    .command("profile")
    .description("list the servers you work with, and choose among them")
    .addHelpText("after", "\nA profile is made by: contentlib login URL --profile NAME");
  profile
    .command("ls")
    .description("list the profiles; the one in use has a star")
    .action(async (_options: object, command: Command) => {
      const { profileLs } = await import("./commands/profile.ts");
      await run(command, profileLs);
    });
  profile
    .command("use")
    .description("make a profile the one that counts when none is named")
    .argument("<profile>", "name of the profile")
    .action(async (name: string, _options: object, command: Command) => {
      const { profileUse } = await import("./commands/profile.ts");
      await run(command, async (context) => await profileUse(context, name));
    });
  profile
    .command("rm")
    .description("forget a profile, with the token or login kept in it")
    .argument("<profile>", "name of the profile")
    .action(async (name: string, _options: object, command: Command) => {
      const { profileRm } = await import("./commands/profile.ts");
      await run(command, async (context) => await profileRm(context, name));
    });
}
