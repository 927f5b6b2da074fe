import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { aDiscImage } from "@contentlib/testkit/ovf/disc-image";
import { binary, password, root, startLiveServer } from "../e2e/live-server.ts";
import type { LiveServer } from "../e2e/live-server.ts";
import { blocksOf, codeBlocks } from "./code-blocks.ts";

const read = async (path: string): Promise<string> => await readFile(join(root, path), "utf8");

/** The address every document uses for a server on the reader's machine. */
const documentedUrl = "http://127.0.0.1:8697";

/** Runs the runnable blocks of a document in one shell, in a directory that has the file the documents speak of. */
async function runBlocks(server: LiveServer, path: string): Promise<{ readonly content: Buffer }> {
  const script = blocksOf(await read(path), "sh runnable").replaceAll(documentedUrl, server.url);
  assert.notEqual(script, "", `${path} has no runnable block`);
  const content = Buffer.concat([aDiscImage(), randomBytes(300_000)]);
  await writeFile(join(server.directory, "debian.iso"), content);
  const programs = await shims(server.directory);
  const env = {
    ...server.env,
    PATH: `${programs}:${server.env["PATH"]}`,
    PASSWORD: password,
    FILE: "debian.iso",
  };
  const shell = spawnSync("bash", ["-euo", "pipefail", "-c", script], {
    cwd: server.directory,
    env,
    encoding: "utf8",
  });
  assert.equal(shell.status, 0, `${path}: ${shell.stdout}${shell.stderr}`);
  return { content };
}

/** `npx contentlib` and `contentlib` mean this clone's command, wherever the blocks run. */
async function shims(directory: string): Promise<string> {
  const programs = join(directory, "programs");
  await mkdir(programs);
  const command = `exec "${process.execPath}" "${binary}" "$@"\n`;
  await writeFile(join(programs, "contentlib"), `#!/bin/sh\n${command}`);
  await writeFile(
    join(programs, "npx"),
    `#!/bin/sh\n[ "$1" = contentlib ] || exit 1\nshift\n${command}`,
  );
  for (const name of ["contentlib", "npx"]) await chmod(join(programs, name), 0o755);
  return programs;
}

describe("the documents", { timeout: 120_000 }, () => {
  test("the guide to HTTP runs as it stands, on both forms", async (t) => {
    const server = await startLiveServer(t);
    const { content } = await runBlocks(server, "docs/guides/http.md");
    for (const copy of ["copy.iso", "copy-by-rest.iso"]) {
      assert.ok((await readFile(join(server.directory, copy))).equals(content), copy);
    }
  });

  test("the README's quick start runs as it stands", async (t) => {
    const server = await startLiveServer(t);
    const { content } = await runBlocks(server, "README.md");
    assert.ok((await readFile(join(server.directory, "debian.iso"))).equals(content));
  });

  test("the guide to the command line runs as it stands", async (t) => {
    const server = await startLiveServer(t);
    await runBlocks(server, "docs/guides/cli.md");
  });

  test("the examples of the guide to the client compile", async (t) => {
    const folder = join(root, "node_modules", ".cache", "contentlib", "docs-examples");
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    t.after(async () => await rm(folder, { recursive: true }));
    await writeFile(join(folder, "examples.ts"), examplesFile(await read("docs/guides/sdk.md")));
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(examplesProject));
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", folder], {
      encoding: "utf8",
    });
    assert.equal(status, 0, stdout);
  });
});

/** What the examples take for granted. */
const givens = `
declare const password: string;
declare const itemId: string;
declare const signal: AbortSignal;
declare const client: import("@contentlib/client").Client;
declare function show(sentBytes: number, totalBytes: number | undefined): void;
`;

/** The examples as one module: their imports above, and each example in a scope of its own. */
function examplesFile(guide: string): string {
  const examples = codeBlocks(guide)
    .filter(({ info }) => info === "ts")
    .map(({ text }) => text.split("\n"));
  assert.ok(examples.length >= 4);
  const imports = new Set(examples.flat().filter((line) => line.startsWith("import ")));
  const scopes = examples.map(
    (lines) => `{\n${lines.filter((line) => !line.startsWith("import ")).join("\n")}}\n`,
  );
  return `${[...imports].join("\n")}\n${givens}\n${scopes.join("\n")}`;
}

const examplesProject = {
  extends: "../../../../tsconfig.base.json",
  compilerOptions: {
    noEmit: true,
    composite: false,
    emitDeclarationOnly: false,
    noUnusedLocals: false,
    types: ["node"],
    lib: ["es2025", "esnext", "dom"],
  },
  include: ["examples.ts"],
};
