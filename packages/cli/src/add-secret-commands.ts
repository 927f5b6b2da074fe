import type { Command } from "commander";
import type { SecretSetOptions } from "./commands/secret.ts";
import { DATA_HELP, dataCommand } from "./data-command.ts";
import type { ProgramParts } from "./program.ts";
import type { WhereOptions } from "./with-services.ts";

const HELP = `
Examples:
  contentlib secret set artifacts --origin https://artifacts.example.org --user ci
  pass show artifacts | contentlib secret set artifacts --origin https://artifacts.example.org --password-stdin
  contentlib probe https://artifacts.example.org/appliance.ova --secret artifacts

Whoever may add files to an item may name a secret, and nobody is shown it. It goes to
its own origin alone: scheme, host and port.
${DATA_HELP}`;

/** Adds the commands for the logins that the server presents where it fetches files. */
export function addSecretCommands(program: Command, { run }: ProgramParts): void {
  const secret = program
    .command("secret")
    .description("keep logins that the server presents where it fetches files")
    .addHelpText("after", HELP);
  dataCommand(
    secret,
    "set",
    "keep a login, in place of one of that name; the password is asked for",
  )
    .argument("<name>", "name: letters, digits, dots, hyphens and underscores")
    .requiredOption("--origin <url>", "the one server it is for, like https://files.example:8443")
    .option("--user <name>", "whom to log in as there; nobody by name when absent")
    .option("--password-stdin", "read the password from standard input")
    .action(async (name: string, options: SecretSetOptions, command: Command) => {
      const { secretSet } = await import("./commands/secret.ts");
      await run(command, async (context) => await secretSet(context, name, options));
    });
  dataCommand(secret, "ls", "list the secrets, without their passwords").action(
    async (options: WhereOptions, command: Command) => {
      const { secretLs } = await import("./commands/secret.ts");
      await run(command, async (context) => await secretLs(context, options));
    },
  );
  dataCommand(secret, "rm", "forget a secret; files that are to be fetched by it fail")
    .argument("<name>", "name of the secret")
    .action(async (name: string, options: WhereOptions, command: Command) => {
      const { secretRm } = await import("./commands/secret.ts");
      await run(command, async (context) => await secretRm(context, name, options));
    });
}
