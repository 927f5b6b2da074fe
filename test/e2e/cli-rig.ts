import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { run } from "@contentlib/cli";
import { createClient } from "@contentlib/client";
import type { Client } from "@contentlib/client";
import { capturedStreams } from "@contentlib/testkit/client/captured-streams";
import type { CommandEnd } from "./live-server.ts";
import { password } from "./live-server.ts";
import { startSmallServer } from "./small-server.ts";
import type { SmallServer } from "./small-server.ts";

/** The wires that the command line speaks. */
export const WIRES = ["api", "rest"] as const;

/** A command that runs. */
export interface StartedCommand {
  readonly ended: Promise<CommandEnd>;
  /** What it wrote to standard output so far. */
  readonly out: () => string;
  /** As Ctrl-C does. */
  readonly interrupt: () => void;
}

/** The command line in this process, against a real server in this process: no start of a process for each command. */
export interface CliRig {
  readonly server: SmallServer;
  /** A client that is the same user as the command line, by the same token. */
  readonly client: Client;
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs a command line to its end, without a terminal. */
  cli(...argv: readonly string[]): Promise<CommandEnd>;
  /** The same, with that on its standard input. */
  feed(input: string, ...argv: readonly string[]): Promise<CommandEnd>;
  /** Starts it and does not wait. */
  start(...argv: readonly string[]): StartedCommand;
  /** Runs it with `--json` and answers what it printed; fails on any exit status but 0, and on any word besides. */
  json(...argv: readonly string[]): Promise<Record<string, unknown>>;
  /** Makes a local file and answers its path. */
  file(name: string, text: string): Promise<string>;
}

/** Starts the server, with a library `images` in it, and the command line on one wire. */
export async function startCliRig(
  t: TestContext,
  wire: (typeof WIRES)[number] = "api",
): Promise<CliRig> {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-cli-"));
  t.after(async () => await rm(directory, { recursive: true }));
  const server = await startSmallServer(t);
  const { token } = await server.client.token.create({ create_spec: { name: "cli" } });
  const env = {
    CONTENTLIB_URL: server.url,
    CONTENTLIB_TOKEN: token,
    // What `login` takes; everything else goes by the token.
    CONTENTLIB_PASSWORD: password,
    CONTENTLIB_PROFILE_FILE: join(directory, "profiles.json"),
  };
  const begin = (input: string, argv: readonly string[]): StartedCommand => {
    const streams = capturedStreams(input);
    const interrupt = new AbortController();
    const signal = interrupt.signal;
    const ended = run(["--wire", wire, ...argv], streams, env, { signal }).then((code) => ({
      code,
      out: streams.out(),
      err: streams.err(),
    }));
    return { ended, out: streams.out, interrupt: () => interrupt.abort() };
  };
  const start = (...argv: readonly string[]): StartedCommand => begin("", argv);
  const cli = async (...argv: readonly string[]): Promise<CommandEnd> => await start(...argv).ended;
  return {
    server,
    client: createClient({ url: server.url, token }),
    directory,
    env,
    cli,
    feed: async (input, ...argv) => await begin(input, argv).ended,
    start,
    async json(...argv) {
      const { code, out, err } = await cli("--json", ...argv);
      assert.equal(code, 0, `${argv.join(" ")}: ${err}`);
      assert.equal(err, "");
      return JSON.parse(out) as Record<string, unknown>;
    },
    async file(name, text) {
      await writeFile(join(directory, name), text);
      return join(directory, name);
    },
  };
}
