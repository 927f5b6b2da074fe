import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { createClient, memoryResumeStore } from "@contentlib/client";
import { capturedStreams } from "@contentlib/testkit/client/captured-streams";
import { startSmallLibrary } from "@contentlib/testkit/client/small-library";
import { storeOfHost } from "./resume-store-in.ts";
import { run } from "./run.ts";
import type { Environment } from "./streams.ts";

const TIMEOUT_MS = 60_000;

/** A server of another make, whose answers about `b.txt` are lost as long as `isBroken`. */
async function rig(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-resume-"));
  const library = await startSmallLibrary();
  t.after(async () => {
    await library.server.close();
    await rm(directory, { recursive: true });
  });
  const itemId = library.addItem(library.addLibrary("images"), "debian");
  const line = { isBroken: true };
  library.override = ({ operation, input }) =>
    line.isBroken && operation === "updateSessionFile.get" && input["file_name"] === "b.txt"
      ? { cut: true }
      : undefined;
  const paths = [join(directory, "a.txt"), join(directory, "b.txt")];
  for (const path of paths) await writeFile(path, path);
  const push = async (overrides: Environment = {}, ...words: readonly string[]) => {
    const streams = capturedStreams();
    const env = {
      CONTENTLIB_URL: library.server.url,
      CONTENTLIB_TOKEN: "t",
      CONTENTLIB_PROFILE_FILE: join(directory, "profiles.json"),
      ...overrides,
    };
    const code = await run(
      ["push", "--verbose", ...words, ...paths, "images/debian"],
      streams,
      env,
    );
    return { code, err: streams.err() };
  };
  const adds = (): readonly string[] =>
    library.server.requests
      .filter(({ operation }) => operation === "updateSessionFile.add")
      .map(({ input }) => (input["file_spec"] as { readonly name: string }).name);
  const notes = async (...place: readonly string[]) =>
    await readdir(join(directory, ...place)).catch(() => []);
  return { library, itemId, line, push, adds, notes, directory };
}

test(
  "the same line takes up the session of a push that broke, and sends no file again that has arrived",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const { library, itemId, line, push, adds, notes } = await rig(t);
    const broken = await push();
    assert.equal(broken.code, 6, broken.err);
    assert.equal((await notes("contentlib-resume")).length, 1);
    const [session] = [...library.sessions.values()];
    assert.equal(session?.state, "ACTIVE");
    line.isBroken = false;
    const before = adds().length;
    const again = await push();
    assert.equal(again.code, 0, again.err);
    const told = `Taking over the session that an earlier push left.\nUpdate session ${session?.id}.\n`;
    assert.ok(again.err.includes(told), again.err);
    assert.deepEqual(adds().slice(before), ["b.txt"]);
    assert.deepEqual(Object.keys(library.filesOf(itemId)), ["a.txt", "b.txt"]);
    assert.deepEqual(await notes("contentlib-resume"), []);
  },
);

test("--no-resume begins anew, whatever is noted", { timeout: TIMEOUT_MS }, async (t) => {
  const { library, line, push, adds } = await rig(t);
  await push();
  line.isBroken = false;
  const before = adds().length;
  const anew = await push({}, "--no-resume");
  assert.equal(anew.code, 0, anew.err);
  assert.equal(library.sessions.size, 2);
  assert.deepEqual(adds().slice(before).toSorted(), ["a.txt", "b.txt"]);
});

test(
  "notes are kept where the system wants state to be, if it says so",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const { push, notes, directory } = await rig(t);
    await push({ XDG_STATE_HOME: join(directory, "state") });
    assert.equal((await notes("state", "contentlib", "resume")).length, 1);
    assert.deepEqual(await notes("contentlib-resume"), []);
  },
);

for (const isNoted of [false, true])
  test(
    `the session of a push that was killed does not hold the item, also where another is noted: ${isNoted}`,
    { timeout: TIMEOUT_MS },
    async (t) => {
      const { library, itemId, line, push, directory } = await rig(t);
      const isBroken = library.override;
      library.override = (call) => {
        // An item has one update session at a time.
        const isHeld = [...library.sessions.values()].some(({ state }) => state === "ACTIVE");
        const isBusy = call.operation === "updateSession.create" && isHeld;
        return isBusy ? { fault: "resource_busy" } : isBroken?.(call);
      };
      if (isNoted) assert.equal((await push()).code, 6);
      // What was noted has expired since.
      for (const session of library.sessions.values()) session.state = "CANCELED";
      line.isBroken = false;
      const client = createClient({ url: library.server.url, token: "t" });
      const create = { create_spec: { library_item_id: itemId } };
      const sessionId = await client.updateSession.create(create);
      const note = { processId: spawnSync("true").pid, host: hostname(), startedAt: Date.now() };
      const folder = join(directory, "contentlib-pushes");
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "killed.json"), JSON.stringify({ sessionId, itemId, ...note }));
      const { code, err } = await push();
      assert.equal(code, 0, err);
      assert.equal(library.sessions.get(sessionId)?.state, "ERROR");
      assert.ok(err.includes(`Update session ${sessionId} of a push that died was ended.`), err);
    },
  );

test("machines that share a home do not find each other's notes", async () => {
  const shared = memoryResumeStore();
  const [one, other] = [storeOfHost(shared, "one"), storeOfHost(shared, "other")];
  const state = { version: 1, itemId: "I", sessionId: "S", files: [], keep: null } as const;
  await one.save("key", state);
  assert.deepEqual(await storeOfHost(shared, "one").load("key"), state);
  assert.equal(await other.load("key"), null);
  await other.drop("key");
  assert.deepEqual(await one.load("key"), state);
  await one.drop("key");
  assert.equal(await one.load("key"), null);
});
