import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { TestContext } from "node:test";
import { aDiscImage } from "@contentlib/testkit/ovf/disc-image";
import { createClient } from "@contentlib/client";
import type { Client } from "@contentlib/client";
import { binary, password, root, startLiveServer } from "../e2e/live-server.ts";
import type { CommandEnd, LiveServer } from "../e2e/live-server.ts";
import { blocksOf } from "./code-blocks.ts";

/** What the guide to pipelines takes for granted: a server, the account of a pipeline, and the folder in which a job runs. */
export interface RecipeStage {
  readonly server: LiveServer;
  /** An administrator's client. */
  readonly client: Client;
  /** The pipeline's own client: nobody else sees the files of its sessions. */
  readonly pipeline: Client;
  readonly folder: string;
  /** What a job of the pipeline has, and nothing of anybody else. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes the image that `build.sh` then builds, a disc with this behind it; `try.sh` does not take the word `broken`. */
  image(content: string | Buffer): Promise<void>;
  /** What is behind the disc of the item's only file as it is now. */
  held(item: string): Promise<string>;
  /** Starts a program as a job does, in a process group of its own. */
  start(argv: readonly string[], env?: NodeJS.ProcessEnv): StartedProgram;
  run(argv: readonly string[], env?: NodeJS.ProcessEnv): Promise<CommandEnd>;
  /** How long the pauses were that the recipes made; none of them is waited for. */
  pauses(): Promise<readonly number[]>;
}

/** A program that runs. */
export interface StartedProgram {
  readonly child: ChildProcess;
  readonly ended: Promise<CommandEnd>;
  /** Ends it and all that it has started, as a machine that loses its power does. */
  kill(): void;
}

/** The guide. */
export const recipes = async (): Promise<string> =>
  await readFile(join(root, "docs", "guides", "ci-recipes.md"), "utf8");

/** What every image begins with: `push` sends no other by itself. */
export const DISC = aDiscImage({ sectors: 40 });
const BUILD = 'cp image.bin "$1"\n';
const TRY = 'test -s "$1" && ! grep -q broken "$1"\n';

/** Sets the stage by the guide's own first block. */
export async function setRecipeStage(t: TestContext): Promise<RecipeStage> {
  const guide = await recipes();
  const server = await startLiveServer(t, "--tls", "self-signed");
  const folder = join(server.directory, "job");
  const programs = join(server.directory, "programs");
  const pauses = join(server.directory, "pauses");
  await mkdir(folder);
  await mkdir(programs);
  await script(join(programs, "contentlib"), shim());
  await script(join(programs, "sleep"), `echo "$1" >> "${pauses}"\n`);
  await script(join(folder, "build.sh"), BUILD);
  await script(join(folder, "try.sh"), TRY);
  await writeFile(join(folder, "publish.sh"), blocksOf(guide, "sh file=publish.sh"), {
    mode: 0o755,
  });
  const path = `${programs}:${server.env["PATH"]}`;
  const first = blocksOf(guide, "sh runnable as=administrator");
  const set = await started(["bash", "-euo", "pipefail", "-c", first], {
    cwd: server.directory,
    env: { ...server.env, PATH: path },
  }).ended;
  assert.equal(set.code, 0, set.err);
  const pin = /sha256\/\/\S+/.exec(set.out)?.[0] ?? "";
  await trust(join(server.directory, "data", "tls-certificate.pem"));
  const credentials = { userName: "administrator", password };
  const client = createClient({ url: server.url, credentials });
  const env = {
    PATH: path,
    HOME: folder,
    NODE_NO_WARNINGS: "1",
    CONTENTLIB_URL: server.url,
    CONTENTLIB_TOKEN: (await readFile(join(server.directory, "ci.token"), "utf8")).trim(),
    CONTENTLIB_PIN: pin,
  };
  const pipeline = createClient({ url: server.url, token: env.CONTENTLIB_TOKEN });
  const start: RecipeStage["start"] = (argv, more = {}) =>
    started(argv, { cwd: folder, env: { ...env, ...more } });
  return {
    server,
    client,
    pipeline,
    folder,
    env,
    start,
    run: async (argv, more) => await start(argv, more).ended,
    image: async (content) =>
      await writeFile(join(folder, "image.bin"), Buffer.concat([DISC, Buffer.from(content)])),
    held: async (item) => {
      const end = await start(["sh", "-c", 'contentlib pull --force "$0" held', item]).ended;
      assert.equal(end.code, 0, end.err);
      const image = await readFile(join(folder, "held", "debian.iso"));
      return image.subarray(DISC.byteLength).toString("utf8");
    },
    pauses: async () => {
      const lines = await readFile(pauses, "utf8").catch(() => "");
      return lines.split("\n").filter(Boolean).map(Number);
    },
  };
}

/** The command of this clone; where a file says so, its next push goes to an address at which nothing listens. */
const shim = (): string => `if [ "$1" = push ] && [ -e "$HOME/unreachable" ]; then
  rm "$HOME/unreachable"
  CONTENTLIB_URL=https://127.0.0.1:1
fi
exec "${process.execPath}" "${binary}" "$@"
`;

const trustedAnyway = getCACertificates("default");

/**
 * Lets this process trust a server's own certificate; the jobs know it by their pin. It takes the place of the last one: those of
 * two servers have one name, and OpenSSL would look at the first.
 */
const trust = async (path: string): Promise<void> =>
  setDefaultCACertificates([...trustedAnyway, await readFile(path, "utf8")]);

async function script(path: string, lines: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${lines}`);
  await chmod(path, 0o755);
}

function started(
  [command = "", ...argv]: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): StartedProgram {
  const child = spawn(command, argv, {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const ended = (async (): Promise<CommandEnd> => {
    const [out, err] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { code: child.exitCode, out, err };
  })();
  return {
    child,
    ended,
    kill: () => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    },
  };
}
