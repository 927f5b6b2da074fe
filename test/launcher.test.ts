// The launchers must work on the Node that a newcomer happens to have. Under npm that Node is known by its path.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { root } from "../tools/command.ts";

const hostNode = process.env["npm_node_execpath"] || process.execPath;
const launcher = join(root, "tools", "run.mjs");
const folder = mkdtempSync(join(tmpdir(), "contentlib-launcher-"));
after(() => rmSync(folder, { recursive: true, force: true }));

describe("a script of the clone, started with the host's own Node", () => {
  test("runs as TypeScript on a Node that is new enough, with its arguments, and its exit code is passed on", () => {
    const script = write("argv.ts", "const seen: string[] = process.argv.slice(2); report(seen);");
    const { status, stdout, stderr } = spawnSync(hostNode, [launcher, script, "a b", "--flag"], {
      encoding: "utf8",
    });
    const { args, version } = JSON.parse(stdout) as { args: string[]; version: string };
    assert.deepEqual(args, ["a b", "--flag"]);
    assert.ok(Number(version.split(".")[0]) >= 24, `it ran on Node ${version}`);
    assert.equal(status, 3);
    assert.equal(stderr, "");
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(`is told of ${signal}, and ends as it likes`, async () => {
      const child = startWaiting();
      await once(child.stdout ?? child, "data");
      child.kill(signal);
      const [code] = (await once(child, "exit")) as [number];
      assert.equal(code, 5);
    });
  }

  test("ends when what started it is killed outright", async (t) => {
    if (hostNode === process.execPath) {
      t.skip("the host's Node is new enough to run the script itself");
      return;
    }
    const child = startWaiting();
    const output = child.stdout ?? child;
    await once(output, "data");
    child.kill("SIGKILL");
    await once(output, "close");
  });
});

describe("the installation", () => {
  test("has nothing to do, and nothing to say, when the lockfile has not changed", () => {
    const { status, stdout, stderr } = spawnSync(hostNode, [join(root, "tools", "prepare.mjs")], {
      encoding: "utf8",
    });
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: "", stderr: "" });
  });
});

/** A script that waits for a signal and takes it as a request to end in its own way. */
function startWaiting(): ChildProcess {
  const body = `
    const timer = setInterval(() => {}, 60_000);
    for (const signal of ["SIGINT", "SIGTERM"]) {
      process.on(signal, () => { clearInterval(timer); process.exitCode = 5; });
    }
    console.log("up");`;
  return spawn(hostNode, [launcher, write("wait.ts", body)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function write(name: string, body: string): string {
  const path = join(folder, name);
  const report = `function report(args: string[]): void {
    console.log(JSON.stringify({ args, version: process.versions.node }));
    process.exitCode = 3;
  }`;
  writeFileSync(path, `${report}\n${body}\nexport {};\n`);
  return path;
}
