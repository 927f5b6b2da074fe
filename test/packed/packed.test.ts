// What users install is not the tree but the packages made of it: packed, installed in an empty folder, and run there.
import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../tools/command.ts";
import { publicPackages, publishedManifest } from "../../tools/published-manifest.ts";

const unreachable = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/;

describe("the packed packages", () => {
  const folder = mkdtempSync(join(tmpdir(), "contentlib-packed-"));
  let installed: SpawnSyncReturns<string>;

  before(() => {
    const built = run(process.execPath, [join(root, "tools", "build.ts")], root);
    assert.equal(built.status, 0, built.stdout + built.stderr);
    const packages = publicPackages.map((name) => join(root, "dist", name));
    const packed = run("npm", ["pack", "--json", "--pack-destination", folder, ...packages], root);
    assert.equal(packed.status, 0, packed.stderr);
    const tarballs = (JSON.parse(packed.stdout) as { filename: string }[]).map(
      ({ filename }) => filename,
    );
    writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
    const quiet = ["--prefer-offline", "--no-fund", "--no-audit", "--engine-strict=false"];
    installed = run("npm", ["install", ...quiet, ...tarballs.map((name) => `./${name}`)], folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("install, import by their doors, and run", (t) => {
    if (installed.status !== 0 && unreachable.test(installed.stderr)) {
      t.skip("the package registry can not be reached");
      return;
    }
    assert.equal(installed.status, 0, installed.stderr);
    for (const name of publicPackages) assertDoorsOpen(name, folder);
    assertCommandRuns(folder);
    assertLintRuns(folder);
    assertDocsAreShown(folder);
  });
});

function assertDoorsOpen(name: string, folder: string): void {
  const text = readFileSync(join(root, "packages", name, "package.json"), "utf8");
  const doors = Object.keys(publishedManifest(text).exports).filter((door) => !door.includes("*"));
  const code = doors
    .map((door) => `await import("@contentlib/${name}${door.slice(1)}");`)
    .join("\n");
  const opened = run(process.execPath, ["--input-type=module", "--eval", code], folder);
  assert.equal(opened.status, 0, `${code}\n${opened.stderr}`);
}

function assertCommandRuns(folder: string): void {
  const command = join(folder, "node_modules", "@contentlib", "cli", "bin", "contentlib.mjs");
  const told = run(process.execPath, [command, "--version"], folder);
  assert.equal(told.status, 0, told.stderr);
  assert.equal(told.stderr, "");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    version: string;
  };
  assert.equal(told.stdout.trim(), version);
}

/** Needs the engine of packages and what that needs, and no server. */
function assertLintRuns(folder: string): void {
  const command = join(folder, "node_modules", "@contentlib", "cli", "bin", "contentlib.mjs");
  const image = join(folder, "x.iso");
  writeFileSync(image, new Uint8Array(40_000));
  const told = run(process.execPath, [command, "lint", image], folder);
  assert.equal(told.status, 0, told.stderr);
  assert.match(told.stdout, /\[iso\.no_volume\]$/m);
}

/** The page comes with the package: its viewer is a development dependency, which nobody who installs the server gets. */
function assertDocsAreShown(folder: string): void {
  const code = `
    import { startServer } from "@contentlib/server";
    const server = await startServer({ dataDirectory: null });
    const paths = ["/docs", "/docs/docs.js", "/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js"];
    const answers = await Promise.all(paths.map((path) => fetch(server.url + path)));
    const sizes = await Promise.all(answers.map(async (answer) => (await answer.bytes()).length));
    console.log(JSON.stringify(answers.map(({ status }, at) => [status, sizes[at] > 500])));
    await server.close();`;
  const shown = run(process.execPath, ["--input-type=module", "--eval", code], folder);
  assert.equal(shown.status, 0, shown.stderr);
  assert.deepEqual(JSON.parse(shown.stdout), Array(4).fill([200, true]));
}

function run(command: string, args: readonly string[], cwd: string): SpawnSyncReturns<string> {
  return spawnSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
