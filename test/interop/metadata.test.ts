// Clients that learn the API from the server itself: the vendor's Python runtime reads all of the metadata and holds it against
// its bindings, and DCLI makes its commands of it, logs in and moves a file with them.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { type LiveServer, password, startLiveServer } from "../e2e/live-server.ts";
import { clientEnvironment } from "./program-environment.ts";
import { installWheels, preparePython, type PythonEnvironment } from "./python-environment.ts";
import { runPythonSuite } from "./python-suite.ts";
import { ranWith } from "./ran-with.ts";
import { type ProgramEnd, runProgram } from "./run-program.ts";

const DCLI = "dcli==3.0.0";
const COMMAND_TIMEOUT_MS = 60_000;

test("the metadata agrees with the vendor's bindings", async (t) => {
  const environment = await preparePython({ name: "sdk" });
  if ("reason" in environment) {
    t.skip(environment.reason);
    return;
  }
  const { url } = await startLiveServer(t);
  const run = { environment, module: "sdk_metadata", url, user: "administrator", password };
  ranWith(t, await runPythonSuite(t, run));
});

/** Without what it demands: some of that is older than what is built today, and some has no wheel. */
const installDcli = async (environment: PythonEnvironment): Promise<ProgramEnd> =>
  await installWheels(environment, "--no-deps", DCLI);

interface Stage {
  readonly environment: PythonEnvironment;
  readonly server: LiveServer;
}

/** Runs one command of DCLI to its end. */
const dcli = async (
  { environment, server }: Stage,
  ...argv: readonly string[]
): Promise<ProgramEnd> => {
  const login = ["+server", `${server.url}/api`, "+username", "administrator"];
  const secrets = ["+password", password, "+credstore-file", join(server.directory, "credentials")];
  return await runProgram({
    command: join(environment.folder, "bin", "dcli"),
    argv: [...login, ...secrets, "+formatter", "json", ...argv],
    env: clientEnvironment({ HOME: server.directory, LC_ALL: "C.UTF-8" }),
    cwd: server.directory,
    timeoutMs: COMMAND_TIMEOUT_MS,
  });
};

/** Runs a command of the content API, whose words are its namespaces, and answers what it prints. */
const run = async (stage: Stage, command: string, ...options: readonly string[]) => {
  const words = `com vmware content ${command}`.split(" ");
  const end = await dcli(stage, ...words, ...options);
  assert.equal(end.code, 0, `${command}:\n${end.out}${end.err}`);
  return end.out.trim() === "" ? undefined : (JSON.parse(end.out) as unknown);
};

test("DCLI", async (t) => {
  const environment = await preparePython({ name: "dcli", finish: installDcli });
  if ("reason" in environment) {
    t.skip(environment.reason);
    return;
  }
  const server = await startLiveServer(t);
  const stage: Stage = { environment, server };
  ranWith(t, DCLI);

  await t.test("shows the namespaces and commands, and the words an option takes", async () => {
    const shown = await dcli(stage, ..."com vmware content library item".split(" "));
    for (const word of ["updatesession", "downloadsession", "create", "copy", "publish"])
      assert.ok(shown.out.includes(word), `${word}:\n${shown.out}${shown.err}`);
    const words = "com vmware content library item updatesession file add --help".split(" ");
    const help = await dcli(stage, ...words);
    assert.match(help.out, /\{NONE,PUSH,PULL\}/, help.err);
    assert.match(help.out, /--name NAME\s+required/);
  });

  let item = "";
  await t.test("logs in, and makes a library and an item", async () => {
    const library = String(
      await run(stage, "locallibrary create", "--name", "by dcli", "--type", "LOCAL"),
    );
    assert.deepEqual(await run(stage, "library list"), [library]);
    const found = await run(stage, "library get", "--library-id", library);
    assert.equal((found as { readonly name: string }).name, "by dcli");
    item = String(
      await run(stage, "library item create", "--library-id", library, "--name", "a file"),
    );
  });

  await t.test("moves a file", async () => {
    const session = String(
      await run(stage, "library item updatesession create", "--library-item-id", item),
    );
    const named = ["--update-session-id", session];
    const file = ["--name", "a b.txt", "--source-type", "PUSH", "--size", "5"];
    const add = "library item updatesession file add";
    const added = (await run(stage, add, ...named, ...file)) as {
      readonly upload_endpoint: { readonly uri: string };
    };
    const sent = await fetch(added.upload_endpoint.uri, { method: "PUT", body: "hello" });
    assert.equal(sent.status, 200);
    await run(stage, "library item updatesession complete", ...named);
    const [held] = (await run(
      stage,
      "library item file list",
      "--library-item-id",
      item,
    )) as readonly { readonly name: string; readonly size: number }[];
    assert.deepEqual([held?.name, held?.size], ["a b.txt", 5]);
  });

  await t.test("makes calls of nothing but the metamodel", async () => {
    // In this mode it takes the first service whose name begins the namespace; so this is one that no other begins.
    const words = "com vmware content configuration get".split(" ");
    const end = await dcli(stage, "+use-metamodel-metadata-only", ...words);
    assert.equal(end.code, 0, `${end.out}${end.err}`);
    assert.deepEqual(JSON.parse(end.out), await run(stage, "configuration get"));
  });

  await t.test("tells errors by their class", async () => {
    const words = "com vmware content library get --library-id no-such-library".split(" ");
    const end = await dcli(stage, ...words);
    assert.notEqual(end.code, 0);
    assert.match(end.err, /NotFound/);
  });
});
