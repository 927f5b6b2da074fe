// What a command says and does when it is interrupted, and what a second run of it spares.
import assert from "node:assert/strict";
import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Client } from "@contentlib/client";
import type { FaultyLine } from "@contentlib/testkit/faults/faulty-line";
import { startCliRig } from "./cli-rig.ts";
import type { CliRig } from "./cli-rig.ts";

const MIB = 1024 * 1024;
const SLOW = { bytesPerTurn: 64 * 1024, turnMs: 20 };

/** Resolves once bytes of an update session have arrived. */
async function receiving(client: Client): Promise<void> {
  for (;;) {
    for (const id of await client.updateSession.list()) {
      const files = await client.updateSessionFile.list({ update_session_id: id });
      if (files.some(({ bytes_transferred: bytes }) => bytes > 0)) return;
    }
  }
}

/** Starts a push over the line and interrupts it once bytes have arrived. */
async function interruptedPush(
  { client, file, start }: CliRig,
  line: FaultyLine,
  ...flags: readonly string[]
) {
  const path = await file("a.img", "x".repeat(8 * MIB));
  const push = start("push", ...flags, path, "images/debian", "--url", line.url);
  await receiving(client);
  push.interrupt();
  return { ...(await push.ended), path };
}

test("an interrupted push says the line that goes on once, and nothing else to run", async (t) => {
  const rig = await startCliRig(t);
  const line = await rig.server.line(SLOW);
  const { code, err, path } = await interruptedPush(rig, line);
  assert.equal(code, 130);
  const again = `contentlib push --url ${line.url} --wire api -- ${path} images/debian`;
  assert.equal(
    err,
    `a.img ...\nimages/debian stays, empty, until you go on; rm removes it.\ncontentlib: Interrupted.\n  What has arrived is kept for a while. This goes on with it:\n  ${again}\n`,
  );
});

test("with --json the line that goes on is the hint of the error", async (t) => {
  const rig = await startCliRig(t);
  const line = await rig.server.line(SLOW);
  const { code, out, err, path } = await interruptedPush(rig, line, "--json");
  assert.deepEqual([code, out], [130, ""]);
  const again = `contentlib push --url ${line.url} --wire api -- ${path} images/debian`;
  assert.deepEqual(JSON.parse(err), {
    error: {
      exitCode: 130,
      message: "Interrupted.",
      hint: `What has arrived is kept for a while. This goes on with it:\n  ${again}`,
    },
  });
});

test("a second pull asks for no byte of what is here, and one that was changed is fetched", async (t) => {
  const rig = await startCliRig(t);
  const line = await rig.server.line({});
  const target = join(rig.directory, "here");
  const pull = async (...flags: readonly string[]): Promise<readonly string[]> => {
    const before = line.requests.length;
    const end = await rig.cli("pull", ...flags, "images/debian", target, "--url", line.url);
    assert.equal(end.code, 0, end.err);
    const asked = line.requests.slice(before).map((request) => request.target);
    return asked.filter((one) => /^GET (?!\/api\/|\/rest\/)/.test(one));
  };
  await rig.json("push", await rig.file("a.img", "one"), "images/debian");
  assert.equal((await pull()).length, 1);
  assert.deepEqual(await pull(), []);
  await rig.json("push", await rig.file("a.img", "two"), "images/debian");
  assert.equal((await pull("--force")).length, 1);
  assert.equal(await readFile(join(target, "a.img"), "utf8"), "two");
});

test("an interrupted pull is gone on with by the same line, which tells so and what it fetched", async (t) => {
  const rig = await startCliRig(t);
  const content = "x".repeat(8 * MIB);
  await rig.json("push", await rig.file("a.img", content), "images/debian");
  const line = await rig.server.line(SLOW);
  const target = join(rig.directory, "here");
  const argv = ["pull", "images/debian", target, "--url", line.url];
  const pull = rig.start(...argv);
  await until(async () => (await sizeIn(target)) > MIB);
  pull.interrupt();
  const { code, err } = await pull.ended;
  assert.equal(code, 130);
  assert.match(err, /Interrupted\.\n {2}Go on: run the same line again$/m);
  const kept = await readdir(target);
  assert.match(kept.join(), /^\.contentlib-kept-.*\.part$/);
  const again = await rig.cli(...argv);
  assert.equal(again.code, 0, again.err);
  assert.match(again.err, /^Going on behind \d.* MB of a\.img\.$/m);
  assert.match(again.out, /1 file \(8\.4 MB, \d.* MB of it fetched now\)/);
  assert.deepEqual(await readdir(target), ["a.img"]);
  assert.equal(await readFile(join(target, "a.img"), "utf8"), content);
});

/** Looks until it is so; the file system tells nobody. */
async function until(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setImmediate(resolve));
}

/** Bytes of the files in a folder. */
async function sizeIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = names.map(async (name) => (await stat(join(folder, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
