import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { createClient } from "@contentlib/client";
import { startSmallLibrary } from "@contentlib/testkit/client/small-library";
import { processMark } from "./process-life.ts";
import { runningPushes } from "./running-pushes.ts";

async function rig(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-pushes-"));
  const library = await startSmallLibrary();
  t.after(async () => {
    await library.server.close();
    await rm(directory, { recursive: true });
  });
  const itemId = library.addItem(library.addLibrary("images"), "debian");
  const client = createClient({ url: library.server.url, token: "t" });
  const sessionId = await client.updateSession.create({
    create_spec: { library_item_id: itemId },
  });
  const pushes = runningPushes({ CONTENTLIB_PROFILE_FILE: join(directory, "profiles.json") });
  const folder = join(directory, "contentlib-pushes");
  const note = async (change: object): Promise<void> => {
    await mkdir(folder, { recursive: true });
    const note = {
      sessionId,
      itemId,
      processId: deadProcess(),
      host: hostname(),
      startedAt: Date.now(),
      ...change,
    };
    await writeFile(join(folder, "note.json"), JSON.stringify(note));
  };
  const endAbandoned = async () =>
    await pushes.endAbandoned(client, { itemId, signal: new AbortController().signal });
  return {
    library,
    itemId,
    sessionId,
    pushes,
    folder,
    note,
    endAbandoned,
    state: () => library.sessions.get(sessionId)?.state,
  };
}

/** A process id that was just given back. */
const deadProcess = (): number => spawnSync("true").pid;

test("the session of a push that died is ended, and its note removed", async (t) => {
  const { note, endAbandoned, sessionId, state, pushes, folder } = await rig(t);
  await note({});
  assert.deepEqual(await endAbandoned(), [sessionId]);
  assert.equal(state(), "ERROR");
  await pushes.end(sessionId);
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.includes(sessionId)),
    [],
  );
});

test("the session of a push that runs, here or on another machine, is left alone", async (t) => {
  const { pushes, note, endAbandoned, sessionId, itemId, state } = await rig(t);
  pushes.begin(sessionId, itemId);
  assert.deepEqual(await endAbandoned(), []);
  await pushes.end(sessionId);
  await note({ host: "another.example.org" });
  assert.deepEqual(await endAbandoned(), []);
  assert.equal(state(), "ACTIVE");
});

test("the session of another item is left alone", async (t) => {
  const { note, endAbandoned, state } = await rig(t);
  await note({ itemId: "another" });
  assert.deepEqual(await endAbandoned(), []);
  assert.equal(state(), "ACTIVE");
});

test("a session that has ended already is no trouble, and neither is a note that makes no sense", async (t) => {
  const { note, endAbandoned, library, folder, sessionId } = await rig(t);
  library.override = ({ operation }) =>
    operation === "updateSession.fail" ? { fault: "not_found" } : undefined;
  await note({});
  await writeFile(join(folder, "broken.json"), "{nonsense");
  await writeFile(join(folder, "null.json"), "null");
  assert.deepEqual(await endAbandoned(), [sessionId]);
});

test("a push runs where another process of this machine lives, and not where it is this one or dead", async (t) => {
  const { pushes, note, itemId } = await rig(t);
  assert.equal(await pushes.isRunning(itemId), false);
  await note({ processId: process.ppid });
  assert.equal(await pushes.isRunning(itemId), true);
  assert.equal(await pushes.isRunning("another"), false);
  for (const change of [{}, { processId: process.pid }, { host: "another.example.org" }]) {
    await note(change);
    assert.equal(await pushes.isRunning(itemId), false, JSON.stringify(change));
  }
});

test(
  "a push whose process number another process has now is dead",
  { skip: process.platform === "linux" ? false : "only Linux tells when a process began" },
  async (t) => {
    const { pushes, note, itemId, sessionId, endAbandoned } = await rig(t);
    await note({ processId: process.ppid, processMark: processMark(process.ppid) });
    assert.equal(await pushes.isRunning(itemId), true);
    await note({ processId: process.ppid, processMark: "1" });
    assert.equal(await pushes.isRunning(itemId), false);
    assert.deepEqual(await endAbandoned(), [sessionId]);
  },
);

test("a push that died can be forgotten, and its session stays for the next one", async (t) => {
  const { pushes, note, itemId, sessionId, folder, state } = await rig(t);
  await note({});
  const name = `${sessionId}.json`;
  await rename(join(folder, "note.json"), join(folder, name));
  await note({ sessionId: "lives", processId: process.ppid });
  await pushes.forgetAbandoned(itemId);
  assert.deepEqual(await readdir(folder), ["note.json"]);
  assert.equal(state(), "ACTIVE");
});
