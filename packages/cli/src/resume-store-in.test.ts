import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { capturedStreams } from "@contentlib/testkit/client/captured-streams";
import { startSmallLibrary } from "@contentlib/testkit/client/small-library";
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
    assert.ok(again.err.includes(`Update session ${session?.id} of an earlier push, taken over.`));
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
