import { Command, Option } from "commander";
import { addAccessCommands } from "./add-access-commands.ts";
import { addAuditCommand } from "./add-audit-command.ts";
import { addCompletionCommands } from "./add-completion-commands.ts";
import { addItemCommands } from "./add-item-commands.ts";
import { addLibraryCommands } from "./add-library-commands.ts";
import { addLintCommand } from "./add-lint-command.ts";
import { addProbeCommand } from "./add-probe-command.ts";
import { addPullCommands } from "./add-pull-commands.ts";
import { addPushCommand } from "./add-push-command.ts";
import { addSecretCommands } from "./add-secret-commands.ts";
import { addSessionCommands } from "./add-session-commands.ts";
import { addSettingCommands } from "./add-setting-commands.ts";
import { addTlsCommands } from "./add-tls-commands.ts";
import { addVersionCommands } from "./add-version-commands.ts";
import { addWaitCommands } from "./add-wait-commands.ts";
import type { CommandContext } from "./command-context.ts";
import type { LoginOptions } from "./commands/login.ts";
import type { CreateClient } from "./connect.ts";

/** What the command tree needs: a context for the command that was chosen, and a client for `login`. */
export interface ProgramParts {
  readonly version: string;
  /** Runs one command with its context; called with the chosen command's own and global options. */
  readonly run: (
    command: Command,
    work: (context: CommandContext) => Promise<void>,
  ) => Promise<void>;
  readonly createClient: () => Promise<CreateClient>;
}

/** The command tree. Each command's module is loaded only when it is chosen, so that help and errors come at once. */
export function makeProgram(parts: ProgramParts): Command {
  const program = new Command("contentlib")
    .description(
      "Keeps files in content libraries: a server for them, and the commands to fill and read it.",
    )
    .version(parts.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false });
  addGlobalOptions(program);
  addServe(program);
  addLogin(program, parts);
  addLibraryCommands(program, parts);
  addPushCommand(program, parts);
  addPullCommands(program, parts);
  addLintCommand(program, parts);
  addProbeCommand(program, parts);
  addItemCommands(program, parts);
  addVersionCommands(program, parts);
  addSessionCommands(program, parts);
  addWaitCommands(program, parts);
  addAccessCommands(program, parts);
  addSecretCommands(program, parts);
  addAuditCommand(program, parts);
  addSettingCommands(program, parts);
  addTlsCommands(program, parts);
  addCompletionCommands(program, parts);
  return program.addHelpText("after", EXAMPLES);
}

const EXAMPLES = `
Examples:
  contentlib serve                                  start a server on this machine
  contentlib library create images                  make a library
  contentlib push debian.iso images/debian          send a file into an item
  contentlib pull images/debian .                   fetch it again
  contentlib lint appliance.ova                     check a package before it goes anywhere

Environment, which counts before the profile that contentlib login writes:
  CONTENTLIB_URL                          address of the server
  CONTENTLIB_TOKEN                        a token to log in by, or
  CONTENTLIB_USER, CONTENTLIB_PASSWORD    whom to log in as
  CONTENTLIB_PIN                          key or certificate of the server: sha256//... or SHA-256
  CONTENTLIB_PROFILE                      which profile of the profile file to use`;

function addGlobalOptions(program: Command): void {
  program
    .option("--url <url>", "address of the server (or CONTENTLIB_URL)")
    .option("--profile <name>", "which profile of the profile file to use")
    .addOption(new Option("--wire <wire>", "form of the API to speak").choices(["api", "rest"]))
    .option("--json", "print the result as JSON")
    .option("--verbose", "say more, such as the ids of failed requests")
    .option("--insecure-http", "allow a password or token over http to another machine");
}

/** Only for the help: `run` hands `serve` and its flags to the server before this tree is asked. */
function addServe(program: Command): void {
  program
    .command("serve")
    .description("start a server here; see: contentlib serve --help")
    .usage("[flags]")
    .allowUnknownOption()
    .allowExcessArguments();
}

function addLogin(program: Command, { run, createClient }: ProgramParts): void {
  program
    .command("login")
    .description("log in at a server and keep the login for the commands that follow")
    .argument("[url]", "address of the server, like https://library.example.org")
    .option("--user <name>", "whom to log in as; asked for when absent")
    .option("--password-stdin", "read the password from standard input")
    .option(
      "--fingerprint <print>",
      "trust the server whose certificate has this SHA-256, or whose key has this print (sha256//...)",
    )
    .action(async (url: string | undefined, options: LoginOptions, command: Command) => {
      const { login } = await import("./commands/login.ts");
      const create = await createClient();
      await run(command, async (context) => await login(context, create, url, options));
    });
}
