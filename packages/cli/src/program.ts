import { Command, Option } from "commander";
import { addAccessCommands } from "./add-access-commands.ts";
import { addAuditCommand } from "./add-audit-command.ts";
import { addTlsCommands } from "./add-tls-commands.ts";
import { collect } from "./collect.ts";
import type { CommandContext } from "./command-context.ts";
import type { LibraryCreateOptions } from "./commands/library-create.ts";
import type { LibraryRmOptions } from "./commands/library-rm.ts";
import type { LoginOptions } from "./commands/login.ts";
import type { PullOptions } from "./commands/pull.ts";
import type { PushOptions } from "./commands/push.ts";
import type { SessionLsOptions } from "./commands/session-ls.ts";
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
  addLibrary(program, parts);
  addTransfers(program, parts);
  addLooks(program, parts);
  addSession(program, parts);
  addAccessCommands(program, parts);
  addAuditCommand(program, parts);
  addTlsCommands(program, parts);
  return program.addHelpText("after", EXAMPLES);
}

const EXAMPLES = `
Examples:
  contentlib serve                                  start a server on this machine
  contentlib library create images                  make a library
  contentlib push debian.iso images/debian          send a file into an item
  contentlib pull images/debian .                   fetch it again

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

function addLibrary(program: Command, { run }: ProgramParts): void {
  const library = program.command("library").description("make, list and remove libraries");
  library
    .command("create")
    .description("make a library; one of this name that exists already is left as it is")
    .argument("<name>", "name of the library, 1 to 80 characters")
    .option("--description <text>", "what the library is for")
    .action(async (name: string, options: LibraryCreateOptions, command: Command) => {
      const { libraryCreate } = await import("./commands/library-create.ts");
      await run(command, async (context) => await libraryCreate(context, name, options));
    });
  library
    .command("ls")
    .description("list the libraries")
    .action(async (_options: object, command: Command) => {
      const { libraryLs } = await import("./commands/library-ls.ts");
      await run(command, libraryLs);
    });
  library
    .command("rm")
    .description("remove a library")
    .argument("<library>", "name or id")
    .option("-f, --force", "remove it with everything it holds")
    .action(async (address: string, options: LibraryRmOptions, command: Command) => {
      const { libraryRm } = await import("./commands/library-rm.ts");
      await run(command, async (context) => await libraryRm(context, address, options));
    });
}

function addTransfers(program: Command, { run }: ProgramParts): void {
  program
    .command("push")
    .description(
      "send files into an item, all or none; a missing item is made, files of the same name are replaced",
    )
    .argument("<paths...>", "FILE... LIBRARY/ITEM: the files, and the item they go to")
    .usage("[options] FILE... LIBRARY/ITEM")
    .option("--type <type>", "type of an item that is made, like iso")
    .option("--replace-all", "remove the item's other files in the same step")
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
  program
    .command("pull")
    .description("fetch the files of an item and verify them")
    .argument("<item>", "LIBRARY/ITEM, each by name or id")
    .argument("[directory]", "where to put the files", ".")
    .option("--file <name>", "only this file; may be given more than once", collect)
    .option("-f, --force", "replace files here that differ")
    .action(async (address: string, directory: string, options: PullOptions, command: Command) => {
      const { pull } = await import("./commands/pull.ts");
      await run(command, async (context) => await pull(context, address, directory, options));
    });
}

function addLooks(program: Command, { run }: ProgramParts): void {
  program
    .command("ls")
    .description("list the libraries, the items of a library, or the files of an item")
    .argument("[address]", "LIBRARY or LIBRARY/ITEM")
    .action(async (address: string | undefined, _options: object, command: Command) => {
      const { ls } = await import("./commands/ls.ts");
      await run(command, async (context) => await ls(context, address));
    });
  program
    .command("info")
    .description("show all that is known of a library or an item")
    .argument("<address>", "LIBRARY or LIBRARY/ITEM")
    .action(async (address: string, _options: object, command: Command) => {
      const { info } = await import("./commands/info.ts");
      await run(command, async (context) => await info(context, address));
    });
}

function addSession(program: Command, { run }: ProgramParts): void {
  const session = program.command("session").description("look at your sessions and give them up");
  session
    .command("ls")
    .description("list your sessions")
    .addOption(new Option("--item <item>", "only those of this LIBRARY/ITEM").conflicts("all"))
    .option("--all", "those of everybody, for administrators")
    .action(async (options: SessionLsOptions, command: Command) => {
      const { sessionLs } = await import("./commands/session-ls.ts");
      await run(command, async (context) => await sessionLs(context, options));
    });
  session
    .command("show")
    .description("show a session and its files")
    .argument("<id>", "id of the session")
    .action(async (id: string, _options: object, command: Command) => {
      const { sessionShow } = await import("./commands/session-show.ts");
      await run(command, async (context) => await sessionShow(context, id));
    });
  session
    .command("cancel")
    .description("give a session up: its item is free again, and as it was")
    .argument("<id>", "id of the session")
    .action(async (id: string, _options: object, command: Command) => {
      const { sessionCancel } = await import("./commands/session-cancel.ts");
      await run(command, async (context) => await sessionCancel(context, id));
    });
}
