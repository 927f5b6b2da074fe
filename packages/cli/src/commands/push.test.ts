import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { capturedStreams } from "@contentlib/testkit/client/captured-streams";
import { startSmallLibrary } from "@contentlib/testkit/client/small-library";
import { run } from "../run.ts";
import type { RunOptions } from "../run.ts";

/** The command line, a folder of its own, and a library server that is no more than a client needs. */
async function rig(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-push-"));
  const library = await startSmallLibrary();
  t.after(async () => {
    await library.server.close();
    await rm(directory, { recursive: true });
  });
  const env = {
    CONTENTLIB_URL: library.server.url,
    CONTENTLIB_TOKEN: "t",
    CONTENTLIB_PROFILE_FILE: join(directory, "profiles.json"),
  };
  const cli = async (argv: readonly string[], options: RunOptions = {}, input = "") => {
    const streams = capturedStreams(input);
    const code = await run(argv, streams, env, options);
    return { code, out: streams.out(), err: streams.err() };
  };
  const json = async (...argv: readonly string[]) => {
    const { code, out, err } = await cli([...argv, "--json"]);
    assert.deepEqual([code, err], [0, ""]);
    return JSON.parse(out) as Record<string, unknown>;
  };
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(directory, name), text);
    return join(directory, name);
  };
  return { cli, json, file, library, directory };
}

test("push into a busy item names it, holder and expiry; what can be done depends on whose session it is", async (t) => {
  const { cli, file, library } = await rig(t);
  const item = library.addItem(library.addLibrary("images"), "deb@ian's");
  const session = "9f000000-0000-4000-8000-000000000001";
  let caller = "ben@vsphere.local";
  library.override = ({ operation }) => {
    if (operation === "whoami.get") return { output: { user: caller } };
    return operation === "updateSession.create"
      ? {
          fault: "resource_busy",
          id: "contentlib.update_session.busy",
          text: `Item ${item} already has an active update session ${session} of ben, which expires at noon.`,
          args: [item, session, "ben", "noon"],
        }
      : undefined;
  };
  const push = ["push", await file("a.img", "x"), "images/deb%40ian's"];
  const told = `contentlib: Item 'images/deb%40ian'\\''s' already has an active update session ${session} of ben, which expires at noon.\n`;
  const own = await cli(push);
  assert.equal(own.code, 4);
  assert.equal(
    own.err,
    `${told}  See it: contentlib session show ${session}; end it: contentlib session cancel ${session}\n`,
  );
  caller = "ann@vsphere.local";
  assert.equal((await cli(push)).err, `${told}  Try again when it has ended\n`);
});

test("push into an item that this machine still pushes into says whose push it is", async (t) => {
  const { cli, file, library, directory } = await rig(t);
  const itemId = library.addItem(library.addLibrary("images"), "debian");
  const sessionId = "9f000000-0000-4000-8000-000000000001";
  const notes = join(directory, "contentlib-pushes");
  await mkdir(notes);
  // The process that runs this test lives for certain, and is another one.
  const note = {
    sessionId,
    itemId,
    processId: process.ppid,
    host: hostname(),
    startedAt: Date.now(),
  };
  await writeFile(join(notes, `${sessionId}.json`), JSON.stringify(note));
  library.override = ({ operation }) =>
    operation === "updateSession.create"
      ? {
          fault: "resource_busy",
          text: `Item ${itemId} is busy.`,
          args: [itemId, sessionId, "ben"],
        }
      : undefined;
  const { code, err } = await cli(["push", await file("a.img", "x"), "images/debian"]);
  assert.equal(code, 4);
  assert.equal(
    err,
    "contentlib: Your own push into images/debian still runs on this machine.\n" +
      `  See it: contentlib session show ${sessionId}; end it: contentlib session cancel ${sessionId}\n`,
  );
});

test("push names the files that stay and those that go, with the address as it can be pasted", async (t) => {
  const { cli, json, file, library } = await rig(t);
  library.addItem(library.addLibrary("my images"), "deb@3", { "b.img": "b", "c d.img": "c" });
  const path = await file("a.img", "x");
  const first = await cli(["push", path, "my images/deb%403"]);
  assert.match(first.out, /^'my images\/deb%403': a\.img \(1 B\) in .*now content version 2\.$/m);
  assert.match(first.out, /^ {2}kept: b\.img, 'c d\.img'$/m);
  const again = await cli(["push", path, "my images/deb%403"]);
  assert.match(again.out, /^'my images\/deb%403' is up to date: content version 2\.$/m);
  const second = await json("push", await file("b.img", "new"), "my images/deb%403");
  assert.equal(second["address"], "my images/deb%403");
  assert.deepEqual([second["kept"], second["removed"]], [["c d.img", "a.img"], []]);
  const third = await cli(["push", path, "my images/deb%403", "--replace"]);
  assert.match(third.out, /^ {2}removed: b\.img, 'c d\.img'$/m);
  assert.doesNotMatch(third.out, /kept/);
});

test("push --type is told where the item is there already and of another type", async (t) => {
  const { cli, file, library } = await rig(t);
  library.addLibrary("images");
  const path = await file("a.img", "x");
  assert.equal((await cli(["push", "--type", "iso", path, "images/debian"])).code, 0);
  const { code, err } = await cli(["push", "--type", "ovf", path, "images/debian"]);
  assert.equal(code, 0);
  assert.match(
    err,
    /^images\/debian stays of the type iso: --type is for an item that is made\.$/m,
  );
  assert.doesNotMatch((await cli(["push", "--type", "iso", path, "images/debian"])).err, /type/);
});

test("a push that fails takes back the item that it had made, and none that was there", async (t) => {
  const { cli, json, file, library } = await rig(t);
  const images = library.addLibrary("images");
  library.addItem(images, "old");
  library.override = ({ operation }) =>
    operation === "updateSession.complete"
      ? { fault: "not_allowed_in_current_state", text: "Not received." }
      : undefined;
  const path = await file("a.img", "x");
  const failed = await cli(["push", path, "images/new"]);
  assert.match(failed.err, /^images\/new, which this push had made, is removed again\.$/m);
  assert.equal((await cli(["push", path, "images/old"])).code, 4);
  const left = (await json("ls", "images"))["items"] as readonly { readonly name: string }[];
  assert.deepEqual(
    left.map(({ name }) => name),
    ["old"],
  );
});

test("an item that somebody was quicker with, or that can not be taken back, stays", async (t) => {
  const { cli, json, file, library } = await rig(t);
  library.addLibrary("images");
  const path = await file("a.img", "x");
  library.override = ({ operation }) =>
    operation === "updateSession.create" ? { fault: "resource_busy", text: "Busy." } : undefined;
  assert.doesNotMatch((await cli(["push", path, "images/quick"])).err, /removed/);
  library.override = ({ operation }) => {
    if (operation === "item.delete") return { fault: "unauthorized", text: "No." };
    return operation === "updateSession.complete"
      ? { fault: "not_allowed_in_current_state", text: "Not received." }
      : undefined;
  };
  const kept = await cli(["push", path, "images/kept"]);
  assert.match(kept.err, /^images\/kept stays, empty; rm removes it\.$/m);
  assert.equal(((await json("ls", "images"))["items"] as unknown[]).length, 2);
});

test("--sha256 takes the digest as it is printed", async (t) => {
  const { cli, file, library } = await rig(t);
  library.addLibrary("images");
  const path = await file("a.img", "x");
  const digest = createHash("sha256").update("x").digest("hex");
  const { code, err } = await cli(["push", path, "images/a", "--sha256", `sha256:${digest}`]);
  assert.equal(code, 0, err);
});

test("--retry-for is a span that is no instant", async (t) => {
  const { cli, file, library } = await rig(t);
  library.addLibrary("images");
  const path = await file("a.img", "x");
  for (const word of ["0s", "soon", "25h"])
    assert.equal((await cli(["push", "--retry-for", word, path, "images/a"])).code, 2, word);
  assert.equal((await cli(["push", "--retry-for", "10m", path, "images/a"])).code, 0);
  assert.equal(
    (await cli(["pull", "--retry-for", "10m", "images/a", await file("d", "")])).code,
    1,
  );
});

test("an interrupt of what comes from the standard input says that nothing of it is kept", async (t) => {
  const { cli, library } = await rig(t);
  library.addLibrary("images");
  const interrupt = new AbortController();
  library.override = ({ operation }) => {
    if (operation === "updateSessionFile.add") interrupt.abort();
    return undefined;
  };
  const argv = ["push", "-", "--name", "a.img", "images/debian"];
  const { code, err } = await cli(argv, { signal: interrupt.signal }, "from a pipe");
  assert.equal(code, 130);
  assert.match(err, /^ {2}Nothing is kept of what came from the standard input/m);
  assert.doesNotMatch(err, /the same line/);
});

test("whoever interrupts a second time is told then what there is to know", async (t) => {
  const { cli, file, library } = await rig(t);
  library.addLibrary("images");
  const [interrupt, insist] = [new AbortController(), new AbortController()];
  library.override = ({ operation }) => {
    if (operation === "updateSessionFile.add") interrupt.abort();
    if (operation !== "updateSession.fail") return undefined;
    insist.abort();
    return { hang: true };
  };
  const argv = ["push", await file("a.img", "x"), "images/debian"];
  const before = performance.now();
  const signals = { signal: interrupt.signal, insist: insist.signal };
  const { code, err } = await cli(argv, signals);
  assert.equal(code, 130);
  assert.ok(performance.now() - before < 6_000, "the ending is bounded");
  const [told = "", notice = ""] = err.split("Ending the session");
  assert.match(
    told,
    /Interrupted\.\n {2}What has arrived .*\n {2}contentlib push .* images\/debian/,
  );
  assert.match(notice, /^\.\.\. Ctrl-C again to leave it\.$/m);
});

test("no item is made under a name whose slashes are not encoded; one that is there is found", async (t) => {
  const { cli, json, file, library } = await rig(t);
  const images = library.addLibrary("images");
  library.addItem(images, "x/y");
  const path = await file("a.img", "x");
  for (const [address, named] of [
    ["images//x", "images/%2Fx"],
    ["images/x/z", "images/x%2Fz"],
  ] as const) {
    const { code, err } = await cli(["push", path, address]);
    assert.equal(code, 2);
    assert.ok(err.includes(`A / that is part of a name is written %2F: ${named}\n`), err);
  }
  assert.equal((await json("push", path, "images/x/y"))["changed"], true);
  assert.equal((await json("push", path, "images/x%2Fz"))["address"], "images/x%2Fz");
  const { err } = await cli(["ls", "images/x/w"]);
  assert.match(err, /has no item x\/w\.\n {2}A \/ that is part of a name is written %2F$/m);
});
