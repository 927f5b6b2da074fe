import { type ChildProcess, spawn } from "node:child_process";

/** A command to run to its end. */
export interface Program {
  readonly command: string;
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** How long it may take, in milliseconds; then it is killed, with all it started. */
  readonly timeoutMs: number;
}

/** How it ended, and what it printed. */
export interface ProgramEnd {
  /** Its exit status; null where it was killed, or could not be started at all. */
  readonly code: number | null;
  readonly out: string;
  /** What it printed as errors, or why it could not be started or was killed. */
  readonly err: string;
}

/** How long what a program printed may be on its way after its end, in milliseconds. */
const LAST_WORDS_MS = 500;

/**
 * Runs the program and waits for its end, and not for the end of what it started: that is killed with it. Never rejects: what
 * went wrong is in the answer.
 */
export async function runProgram(program: Program): Promise<ProgramEnd> {
  const { command, argv, env, cwd, timeoutMs } = program;
  const child = spawn(command, argv, {
    env,
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own, which can be killed as a whole.
    detached: true,
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  child.on("error", (error) => (err += `${error.message}\n`));
  const killing = (): void => killGroup(child);
  process.once("exit", killing);
  const timer = setTimeout(() => {
    err += `${command} took longer than ${timeoutMs} ms\n`;
    killing();
  }, timeoutMs);
  await endOf(child);
  clearTimeout(timer);
  process.off("exit", killing);
  killing();
  child.stdout.destroy();
  child.stderr.destroy();
  if (child.signalCode !== null) err += `${command} was ended by ${child.signalCode}\n`;
  return { code: child.pid === undefined ? null : child.exitCode, out, err };
}

/** Resolves when the program has ended and all it printed is there; at the latest a moment after its end. */
async function endOf(child: ChildProcess): Promise<void> {
  let waiting: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
    // One that it left behind may hold the pipes open for as long as it likes.
    child.once("exit", () => (waiting = setTimeout(resolve, LAST_WORDS_MS)));
  });
  clearTimeout(waiting);
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody of the group is left.
  }
}
