// The vendor's Python SDK, installed from the package index, speaks JSON-RPC to a real server: every service of the content
// API that it has bindings for, in the orders that the vendor's samples keep, with the files compared byte for byte.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { password, startLiveServer } from "../e2e/live-server.ts";
import { documentedUrl, guideBlock } from "./guide.ts";
import { clientEnvironment } from "./program-environment.ts";
import { preparePython, type PythonEnvironment } from "./python-environment.ts";
import { runPythonSuite } from "./python-suite.ts";
import { ranWith } from "./ran-with.ts";
import { runProgram } from "./run-program.ts";

const EXAMPLE_TIMEOUT_MS = 60_000;
/** Where the suites have their sources. */
const PULL_ALLOW = "127.0.0.1:1024-65535";
const user = "administrator";
const suites = [
  "sdk_login",
  "sdk_libraries",
  "sdk_items",
  "sdk_sessions",
  "sdk_transfers",
  "sdk_pulls",
  "sdk_subscriptions",
  "sdk_services",
];

test("the vendor's Python SDK, the newest [C139]", async (t) => {
  const environment = await runSuites(t, "sdk");
  if (environment === undefined) return;
  await t.test("the example of the guide runs as it stands", async (guide) => {
    const server = await startLiveServer(guide);
    const file = join(server.directory, "debian.iso");
    const image = randomBytes(300_000);
    await writeFile(file, image);
    const end = await runProgram({
      command: environment.python,
      argv: ["-B", "-c", (await guideBlock("python")).replaceAll(documentedUrl, server.url)],
      env: clientEnvironment({ PASSWORD: password }),
      cwd: server.directory,
      timeoutMs: EXAMPLE_TIMEOUT_MS,
    });
    assert.equal(end.code, 0, end.err);
    await rm(file);
    await server.json("pull", "by-python/debian", server.directory);
    assert.ok((await readFile(file)).equals(image));
  });
});

test("the vendor's Python SDK for the version of the API that is served [C139]", async (t) => {
  await runSuites(t, "sdk-8");
});

/** Runs all suites with the SDK of these requirements; undefined, and the test skipped, where it can not be had. */
async function runSuites(t: TestContext, name: string): Promise<PythonEnvironment | undefined> {
  const environment = await preparePython({ name });
  if ("reason" in environment) {
    t.skip(environment.reason);
    return undefined;
  }
  const { url } = await startLiveServer(t, "--pull-allow", PULL_ALLOW);
  for (const module of suites) {
    await t.test(module, async (suite) => {
      const client = await runPythonSuite(suite, { environment, module, url, user, password });
      if (module === suites[0]) ranWith(t, client);
    });
  }
  return environment;
}
