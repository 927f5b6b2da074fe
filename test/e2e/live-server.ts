import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { get as getOverHttp } from "node:http";
import type { IncomingMessage } from "node:http";
import { get as getOverHttps } from "node:https";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";

/** Root of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
/** The command, as it is installed in a clone. */
export const binary = join(root, "bin", "contentlib.mjs");

/** Password of the account `administrator` on servers of these tests. */
export const password = "correct horse battery staple";

/** How long a server may take to be ready on a busy machine, in milliseconds. */
const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 50;
/** Flags after which a server speaks TLS. */
const TLS_FLAGS: ReadonlySet<string> = new Set(["self-signed", "--tls-cert"]);

/** How a command ended, and what it printed. */
export interface CommandEnd {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A running command. */
export interface RunningCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<CommandEnd>;
}

/** The command line under one environment. */
export interface CommandLine {
  /** Runs the command line to its end. */
  cli(...argv: readonly string[]): Promise<CommandEnd>;
  /** Runs it with `--json` and answers what it printed; fails on any exit status but 0. */
  json(...argv: readonly string[]): Promise<Record<string, unknown>>;
  /** Starts the command line and does not wait. */
  start(...argv: readonly string[]): RunningCommand;
}

/** A real server in a process of its own, with the environment its command line clients need. */
export interface LiveServer extends CommandLine {
  readonly url: string;
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  /** The command line as somebody else uses it, who has no profile and logs in by user name and password. */
  as(userName: string, secret: string): CommandLine;
  /** Ends the server by the signal, waits until it is gone, and answers its exit status, null where the signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Sends it a signal, and does not wait. */
  signal(signal: NodeJS.Signals): void;
  /** Starts it again on the same data and address. */
  restart(): Promise<void>;
}

/** Starts a server on a free port with empty data; test hooks stop it and remove the data. */
export async function startLiveServer(
  t: TestContext,
  ...flags: readonly string[]
): Promise<LiveServer> {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-e2e-"));
  const address = `127.0.0.1:${await freePort()}`;
  const url = `${flags.some((flag) => TLS_FLAGS.has(flag)) ? "https" : "http"}://${address}`;
  const env = cleanEnvironment(directory);
  const argv = ["serve", "--listen", address, "--data", join(directory, "data"), ...flags];
  let server = await bring(argv, env, url);
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> => {
    const { child } = server;
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return (await server.ended).code;
  };
  t.after(async () => {
    await stop("SIGKILL");
    await rm(directory, { recursive: true });
  });
  return {
    url,
    directory,
    env,
    stop,
    signal: (signal) => void server.child.kill(signal),
    ...commandLine(env, directory),
    as: (userName, secret) =>
      commandLine(
        {
          ...env,
          CONTENTLIB_URL: url,
          CONTENTLIB_PROFILE_FILE: join(directory, "no-profiles.json"),
          CONTENTLIB_USER: userName,
          CONTENTLIB_PASSWORD: secret,
        },
        directory,
      ),
    restart: async () => {
      server = await bring(argv, env, url);
    },
  };
}

/** The command line as a process of its own under that environment. */
export function commandLine(env: NodeJS.ProcessEnv, directory: string): CommandLine {
  const start = (...words: readonly string[]): RunningCommand =>
    spawnCommand(words, env, directory);
  return {
    start,
    cli: async (...words) => await start(...words).ended,
    json: async (...words) => {
      const { code, out, err } = await start(...words, "--json").ended;
      if (code !== 0) throw new Error(`contentlib ${words.join(" ")} exited with ${code}: ${err}`);
      return JSON.parse(out) as Record<string, unknown>;
    },
  };
}

/** None of the developer's own settings, and a home of its own. */
export function cleanEnvironment(directory: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(CONTENTLIB|XDG)_/.test(name));
  return {
    ...Object.fromEntries(kept),
    HOME: directory,
    NODE_NO_WARNINGS: "1",
    CONTENTLIB_PROFILE_FILE: join(directory, "profiles.json"),
    CONTENTLIB_ADMIN_PASSWORD: password,
  };
}

/** Starts the server's process and waits until it says that it is ready. */
async function bring(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  url: string,
): Promise<RunningCommand> {
  const server = spawnCommand(argv, env, root);
  const endsAt = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    if (await isReady(url)) return server;
    const isGone = server.child.exitCode !== null;
    if (isGone || Date.now() > endsAt) {
      server.child.kill("SIGKILL");
      const { code, out, err } = await server.ended;
      throw new Error(`the server did not become ready (exit ${code}):\n${out}${err}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Whoever started a server knows which one answers, so its certificate is not looked at. */
async function isReady(url: string): Promise<boolean> {
  const target = `${url}/readyz`;
  const asked = url.startsWith("https:")
    ? getOverHttps(target, { rejectUnauthorized: false })
    : getOverHttp(target);
  try {
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    response.resume();
    return response.statusCode === 200;
  } catch {
    return false;
  } finally {
    asked.destroy();
  }
}

function spawnCommand(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd: string,
): RunningCommand {
  const child = spawn(process.execPath, [binary, ...argv], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, "close").then(() => ({ code: child.exitCode, out, err }));
  return { child, ended };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
