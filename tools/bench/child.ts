import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { root } from "../command.ts";

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
const QUIET = "--disable-warning=ExperimentalWarning";

/** A server in a process of its own, so that time and memory that it takes are its own. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
  /** Scheme, host and port, without a trailing slash. */
  readonly url: string;
}

/** Starts a program that prints its address once it listens. Its standard error goes to the open file `log`. */
export async function startServer(
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly log: number | "inherit" },
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [QUIET, ...args], {
    cwd: root,
    env: options.env,
    stdio: ["ignore", "pipe", options.log],
  });
  try {
    const url = await addressOf(child);
    if (child.pid === undefined) throw new Error("A process that answers has a number.");
    return { pid: child.pid, url, [Symbol.asyncDispose]: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const timer = setTimeout(
    () => reject(new Error("The server did not become ready.")),
    READY_TIMEOUT_MS,
  );
  child.once("error", reject);
  child.once("exit", (code) => reject(new Error(`The server ended with status ${String(code)}.`)));
  if (child.stdout === null) throw new Error("The output of a server is a pipe.");
  createInterface(child.stdout).on("line", (line) => {
    const address = /https?:\/\/\S+/.exec(line)?.[0];
    if (address !== undefined) resolve(address);
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}

/** A script of this folder that does one job in a process of its own and sends the result back. */
export interface Job<Result> {
  readonly result: Promise<Result>;
  /** Asks a job without an end of its own to finish. */
  finish(): void;
}

/** Starts the script `name`; it is ended when it takes longer than `timeoutMs`. */
export function startJob<Result>(name: string, job: unknown, timeoutMs: number): Job<Result> {
  const child = fork(join(import.meta.dirname, `${name}.ts`), { execArgv: [QUIET] });
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  child.once("message", (message) => resolve(message as Result));
  child.once("error", reject);
  child.once("exit", (code, signal) => {
    clearTimeout(timer);
    reject(new Error(`${name} ended with ${String(signal ?? code)} and without a result.`));
  });
  child.send({ job });
  return { result: promise, finish: () => void child.send({ finish: true }) };
}

/** The same for jobs that end by themselves. */
export async function runJob<Result>(
  name: string,
  job: unknown,
  timeoutMs: number,
): Promise<Result> {
  return await startJob<Result>(name, job, timeoutMs).result;
}

/** The other side of `startJob`: the script's work. `finish` aborts when the job shall come to its end. */
export function serveJob<Input>(work: (job: Input, finish: AbortSignal) => Promise<unknown>): void {
  const finish = new AbortController();
  process.on("message", (message: { readonly job?: Input; readonly finish?: true }) => {
    if (message.finish === true) finish.abort();
    if (message.job === undefined) return;
    void work(message.job, finish.signal).then((result) => {
      process.send?.(result, () => process.disconnect());
    });
  });
}
