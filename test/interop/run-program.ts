import { spawn } from "node:child_process";
import { once } from "node:events";

/** A command to run to its end. */
export interface Program {
  readonly command: string;
  readonly argv: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** How long it may take, in milliseconds; then it is killed. */
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

/** Runs the program and waits for its end. Never rejects: what went wrong is in the answer. */
export async function runProgram(program: Program): Promise<ProgramEnd> {
  const { command, argv, env, cwd, timeoutMs } = program;
  const child = spawn(command, argv, {
    ...(env === undefined ? {} : { env }),
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  child.on("error", (error) => (err += `${error.message}\n`));
  await once(child, "close").catch(() => undefined);
  if (child.signalCode !== null) err += `${command} was ended by ${child.signalCode}\n`;
  return { code: child.exitCode, out, err };
}
