#!/usr/bin/env node
// The command. In a clone it runs the sources, on the clone's own Node if the host's is too old; published, it runs dist.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const source = new URL("../packages/cli/src/main.ts", import.meta.url);
if (existsSync(source)) await runClone();
else await runPublished();

async function runClone() {
  const { isPrepared, prepare } = await import("../tools/prepare.mjs");
  if (!isPrepared()) prepare();
  const { runFile } = await import("../tools/runtime.mjs");
  await runFile(fileURLToPath(source));
}

async function runPublished() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 24 || (major === 24 && minor < 7)) {
    process.stderr.write(
      `contentlib: Node 24.7 or newer is needed, and this is Node ${process.versions.node}\n`,
    );
    process.exitCode = 1;
    return;
  }
  const { enableCompileCache } = await import("node:module");
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  enableCompileCache(join(caches, "contentlib", "compile"));
  await import("../dist/main.js");
}
