import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { root } from "../command.ts";
import { hasProcessFigures, peakUntilEnd } from "./process-figures.ts";
import { environmentIn, PASSWORD, type Product } from "./product.ts";

const COMMAND = join(root, "bin", "contentlib.mjs");
const RUN_TIMEOUT_MS = 900_000;

/** One command, from the start of its process to its end. */
export interface CommandRun {
  readonly seconds: number;
  /** The most memory of the process; NaN where the system does not show it. */
  readonly peakBytes: number;
}

/** What a command runs with. */
export interface CommandGround {
  readonly env: NodeJS.ProcessEnv;
  /** What the command reads from its standard input. */
  readonly input?: string;
}

/** The environment of somebody who has logged in at the server as its administrator. */
export async function logInAt({ url, dataDirectory }: Product): Promise<NodeJS.ProcessEnv> {
  const env = environmentIn(dirname(dataDirectory));
  const words = ["login", url, "--user", "administrator", "--password-stdin"];
  await runCommand(words, { env, input: `${PASSWORD}\n` });
  return env;
}

/** Runs the command line as a user does, in a process of its own. Any status but 0 is an error. */
export async function runCommand(
  words: readonly string[],
  { env, input = "" }: CommandGround,
): Promise<CommandRun> {
  return await runNode([COMMAND, ...words], { env, input });
}

/** Runs Node with these arguments to its end. Any status but 0 is an error. */
export async function runNode(
  args: readonly string[],
  { env, input = "" }: CommandGround,
): Promise<CommandRun> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, args, {
    env,
    stdio: ["pipe", "ignore", "pipe"],
    timeout: RUN_TIMEOUT_MS,
  });
  child.stdin.end(input);
  const ended = endOf(child);
  const isWatched = hasProcessFigures && child.pid !== undefined;
  const peak = isWatched
    ? peakUntilEnd(
        child.pid,
        ended.catch(() => undefined),
      )
    : Number.NaN;
  const [said] = await Promise.all([text(child.stderr), ended]);
  const seconds = (performance.now() - startedMs) / 1000;
  if (child.exitCode !== 0) {
    const end = String(child.signalCode ?? child.exitCode);
    throw new Error(`${args.join(" ")} ended with ${end}: ${said}`);
  }
  return { seconds, peakBytes: await peak };
}

const endOf = async (child: ChildProcess): Promise<unknown> => await once(child, "exit");
