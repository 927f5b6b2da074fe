import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request } from "node:https";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { binary, type CommandEnd } from "./live-server.ts";

/** How long a server may take to be ready on a busy machine, in milliseconds. */
const READY_TIMEOUT_MS = 60_000;

/** One request over TLS, whatever certificate is shown. */
export interface TlsAsk {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A whole answer. */
export interface TlsTold {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A server in a process of its own that made itself a certificate, and all that it has said. */
export interface TlsServer {
  readonly url: string;
  /** Where its figures are without a login. */
  readonly metricsUrl: string;
  readonly directory: string;
  /** All that the process wrote, on both streams. */
  said(): string;
  ask(url: string, wish?: TlsAsk): Promise<TlsTold>;
  /** Runs the command line to its end, as the server's own user or under these variables. */
  cli(argv: readonly string[], env?: Readonly<Record<string, string>>): Promise<CommandEnd>;
  stop(): Promise<void>;
}

/** Sends a request to an address of https and reads the whole answer. */
export async function askOverTls(
  url: string,
  { method = "GET", headers = {}, body }: TlsAsk = {},
): Promise<TlsTold> {
  const sent = request(url, { method, headers, rejectUnauthorized: false, agent: false });
  sent.end(body);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    text: await text(answer),
  };
}

/** Starts one that tells as much as it can, with this password of the administrator; test hooks stop it and remove its data. */
export async function startTlsServer(t: TestContext, password: string): Promise<TlsServer> {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-e2e-"));
  const [port, metricsPort] = [await freePort(), await freePort()];
  const url = `https://127.0.0.1:${port}`;
  const kept = Object.entries(process.env).filter(([name]) => !/^(CONTENTLIB|XDG)_/.test(name));
  const base: NodeJS.ProcessEnv = {
    ...Object.fromEntries(kept),
    HOME: directory,
    NODE_NO_WARNINGS: "1",
    CONTENTLIB_PROFILE_FILE: join(directory, "profiles.json"),
  };
  const argv = ["serve", "--listen", `127.0.0.1:${port}`, "--data", join(directory, "data")];
  const flags = ["--tls", "self-signed", "--log-level", "debug"];
  const child = spawn(
    process.execPath,
    [binary, ...argv, ...flags, "--metrics-listen", `127.0.0.1:${metricsPort}`],
    { cwd: directory, env: { ...base, CONTENTLIB_ADMIN_PASSWORD: password } },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const gone = once(child, "close");
  t.after(async () => {
    child.kill("SIGKILL");
    await gone;
    await rm(directory, { recursive: true });
  });
  const ready = once(child.stdout, "data", { signal: AbortSignal.timeout(READY_TIMEOUT_MS) });
  await Promise.race([ready, gone.then(() => Promise.reject(new Error(said)))]);
  return {
    url,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    directory,
    said: () => said,
    ask: askOverTls,
    cli: async (words, env = {}) => {
      const command = spawn(process.execPath, [binary, ...words], {
        cwd: directory,
        env: { ...base, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const ended = once(command, "close");
      const [out, err] = await Promise.all([text(command.stdout), text(command.stderr)]);
      await ended;
      return { code: command.exitCode, out, err };
    },
    stop: async () => {
      child.kill("SIGTERM");
      await gone;
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
