import { CommanderError } from "commander";
import type { Command } from "commander";
import type { Client, ClientOptions } from "@contentlib/client";
import type { PinnedFetch } from "@contentlib/client/node";
import type { CommandContext } from "./command-context.ts";
import { connectionOf, loginHint } from "./connect.ts";
import type { Connection, CreateClient, GlobalOptions } from "./connect.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure, isUnauthenticated, reportOf, Retold } from "./failure.ts";
import { makeOutput } from "./output.ts";
import type { Output } from "./output.ts";
import { openPinnedFetch } from "./pinned-fetch.ts";
import { makeProgram } from "./program.ts";
import type { Environment, Streams } from "./streams.ts";
import { readVersion } from "./version.ts";

/** What can be put in place of the real thing. */
export interface RunOptions {
  /** Aborts when the user interrupts the command. */
  readonly signal?: AbortSignal;
  /** Aborts when the user interrupts it again; the process ends right after. */
  readonly insist?: AbortSignal;
  readonly createClient?: CreateClient;
}

/** Runs one command line and answers its exit status. It throws for nothing and never ends the process itself. */
export async function run(
  argv: readonly string[],
  streams: Streams,
  env: Environment,
  options: RunOptions = {},
): Promise<number> {
  const output = outputFor(argv, streams, env);
  try {
    if (argv[0] === "serve") {
      const { serveCommand } = await import("./commands/serve.ts");
      return await serveCommand(argv.slice(1), env);
    }
    await runTree(argv, streams, env, output, options);
    return EXIT_CODES.ok;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT_CODES.ok;
    const told = error instanceof WrongUsage ? usageFailure(error, output) : error;
    if (told === null) return EXIT_CODES.usage;
    const report = reportOf(told, options.signal?.aborted ?? false);
    output.failure(report);
    return report.exitCode;
  }
}

/** `--json` counts for errors in the command line too, so it is looked for before the line is understood. */
const outputFor = (argv: readonly string[], streams: Streams, env: Environment): Output =>
  makeOutput(streams, {
    isJson: argv.includes("--json"),
    isVerbose: argv.includes("--verbose"),
    hasColor: !env["NO_COLOR"],
  });

async function runTree(
  argv: readonly string[],
  streams: Streams,
  env: Environment,
  output: Output,
  options: RunOptions,
): Promise<void> {
  const createClient = async (): Promise<CreateClient> =>
    options.createClient ?? (await import("@contentlib/client")).createClient;
  const program = makeProgram({
    version: readVersion(),
    createClient,
    run: async (command, work) => {
      const globals: GlobalOptions = command.optsWithGlobals();
      const signal = options.signal ?? new AbortController().signal;
      const base = { globals, env, streams, output, signal, insist: options.insist };
      await withClient(base, createClient, work);
    },
  });
  configure(program, streams, output.isJson);
  await program.parseAsync(argv, { from: "user" });
}

/** Runs a command with a client that is made when it is first asked for, and logged out in the end. */
async function withClient(
  base: Omit<CommandContext, "connect" | "connection">,
  createClient: () => Promise<CreateClient>,
  work: (context: CommandContext) => Promise<void>,
): Promise<void> {
  let found: Promise<Connection> | undefined;
  let connected: Promise<OpenClient> | undefined;
  const connection = async (): Promise<Connection> =>
    await (found ??= connectionOf(base.globals, base.env));
  const make = async (patience: Patience): Promise<OpenClient> => {
    const { options, ...known } = await connection();
    return openClient({ ...known, options: { ...options, ...patience } }, await createClient());
  };
  try {
    const connect = async (patience: Patience = {}): Promise<Client> =>
      (await (connected ??= make(patience))).client;
    await work({ ...base, connection, connect });
  } catch (error) {
    const used = isUnauthenticated(error) ? await found?.catch(() => undefined) : undefined;
    throw used === undefined ? error : new Retold(error, loginHint(used.options.url, base.env));
  } finally {
    // The login ends by itself when the server can not be told; the command's own outcome matters more.
    const open = await connected?.catch(() => undefined);
    const limitMs = base.signal.aborted ? LEAVE_TIMEOUT_MS : undefined;
    await open?.client.close(limitMs).catch(() => undefined);
    await open?.pinned?.close();
  }
}

/** How long a command that was interrupted waits for the server to hear that its login has ended, in milliseconds. */
const LEAVE_TIMEOUT_MS = 500;

/** For how long the client of a command goes on where nothing moves. */
type Patience = Pick<ClientOptions, "retryForMs">;

interface OpenClient {
  readonly client: Client;
  readonly pinned: PinnedFetch | undefined;
}

/** The client of a connection. What its options lack is a mistake of the user's. */
async function openClient(
  { options, pinned: server }: Connection,
  create: CreateClient,
): Promise<OpenClient> {
  const pinned = server === undefined ? undefined : await openPinnedFetch(server);
  try {
    const client = create(pinned === undefined ? options : { ...options, fetch: pinned.fetch });
    return { client, pinned };
  } catch (error) {
    throw error instanceof TypeError ? new Failure(EXIT_CODES.usage, error.message) : error;
  }
}

/** Settings that the commands of a tree do not take over from its root. */
function configure(command: Command, streams: Streams, isJson: boolean): void {
  const hint = `Try: ${pathOf(command)} --help`;
  command.showHelpAfterError(hint);
  command.exitOverride((error) => {
    throw error.exitCode === 0 ? error : new WrongUsage(error.message, hint);
  });
  command.configureOutput({
    writeOut: (text) => void streams.stdout.write(text),
    writeErr: (text) => void (isJson || streams.stderr.write(text)),
    outputError: (text, write) => write(text.replace(/^error: /, "contentlib: ")),
    getOutHelpWidth: () => streams.stdout.columns ?? 80,
    getErrHelpWidth: () => streams.stderr.columns ?? 80,
  });
  for (const child of command.commands) configure(child, streams, isJson);
}

/** The words that lead to a command, like `contentlib group add`. */
const pathOf = (command: Command): string =>
  command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;

/** A command line that Commander does not understand; the hint names the help of the command that was meant. */
class WrongUsage extends Error {
  override readonly name = "WrongUsage";
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** Commander has printed its own words already, unless the caller wants JSON. */
const usageFailure = ({ message, hint }: WrongUsage, { isJson }: Output): Failure | null =>
  isJson ? new Failure(EXIT_CODES.usage, message.replace(/^error: /, ""), hint) : null;
