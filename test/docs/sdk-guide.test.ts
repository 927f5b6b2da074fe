// The guide to the client: its first example is run as a reader would run it, and everything that the client exports is named.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import * as client from "@contentlib/client";
import * as node from "@contentlib/client/node";
import { makeServices } from "@contentlib/client";
import { binary, password, root, startLiveServer } from "../e2e/live-server.ts";
import { blocksOf } from "./code-blocks.ts";

const path = join(root, "docs", "guides", "sdk.md");

test("the first example compiles and runs as it stands", async (t) => {
  const guide = await readFile(path, "utf8");
  const server = await startLiveServer(t);
  const { directory, env } = server;
  const program = blocksOf(guide, "ts runnable").replaceAll("http://127.0.0.1:8697", server.url);
  assert.match(program, /^\/\/ push\.mts\n/);
  await writeFile(join(directory, "push.mts"), program);
  await writeFile(join(directory, "debian.iso"), randomBytes(300_000));
  await mkdir(join(directory, "node_modules"));
  for (const name of ["@contentlib", "@types"])
    await symlink(join(root, "node_modules", name), join(directory, "node_modules", name));
  const contentlib = join(directory, "contentlib");
  await writeFile(contentlib, `#!/bin/sh\nexec "${process.execPath}" "${binary}" "$@"\n`);
  await chmod(contentlib, 0o755);
  const PATH = `${directory}:${dirname(process.execPath)}:${env["PATH"]}`;
  const script = blocksOf(guide, "sh runnable");
  const { status, stdout, stderr } = spawnSync("bash", ["-euo", "pipefail", "-c", script], {
    cwd: directory,
    env: { ...env, PATH, PASSWORD: password },
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /^300000 bytes are sent$/m);
  assert.match(stdout, /^content version 2$/m);
  const tsconfig = {
    extends: join(root, "tsconfig.base.json"),
    compilerOptions,
    files: ["push.mts"],
  };
  await writeFile(join(directory, "tsconfig.json"), JSON.stringify(tsconfig));
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const compiled = spawnSync(process.execPath, [tsc, "-p", directory], { encoding: "utf8" });
  assert.equal(compiled.status, 0, compiled.stdout);
});

test("everything that can be imported is named, and every service", async () => {
  const guide = await readFile(path, "utf8");
  const services = Object.keys(makeServices(async () => await Promise.reject(new Error("none"))));
  const names = [...Object.keys(client), ...Object.keys(node), ...services];
  assert.ok(names.includes("createClient") && names.includes("fileSource"));
  const unnamed = names.filter((name) => !new RegExp(`\\b${name}\\b`).test(guide));
  assert.deepEqual(unnamed, []);
});

const compilerOptions = {
  noEmit: true,
  composite: false,
  emitDeclarationOnly: false,
  types: ["node"],
  lib: ["es2025", "esnext", "dom"],
};
