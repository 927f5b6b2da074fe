import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { open, readFile, readdir, stat, writeFile } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createClient } from "@contentlib/client";
import { password, startLiveServer } from "./live-server.ts";
import type { LiveServer } from "./live-server.ts";

const credentials = { userName: "administrator", password };
const sha256 = (content: Buffer): string => createHash("sha256").update(content).digest("hex");

async function fileOf(
  server: LiveServer,
  name: string,
  sizeBytes: number,
): Promise<{ path: string; content: Buffer }> {
  const path = join(server.directory, name);
  const content = randomBytes(sizeBytes);
  await writeFile(path, content);
  return { path, content };
}

/** A pipe that a push reads from: the push runs for as long as this end is open. */
async function pipeOf(
  server: LiveServer,
  name: string,
): Promise<{ path: string; open: () => Promise<FileHandle> }> {
  const path = join(server.directory, name);
  assert.equal(spawnSync("mkfifo", [path]).status, 0);
  return { path, open: async () => await open(path, "w") };
}

/** Waits until the server has received some bytes in a session of the item. */
async function receiving(server: LiveServer): Promise<string> {
  const client = createClient({ url: server.url, credentials });
  for (;;) {
    for (const id of await client.updateSession.list()) {
      const session = await client.updateSession.get({ update_session_id: id });
      const files = await client.updateSessionFile.list({ update_session_id: id });
      if (session.state === "ACTIVE" && files.some((file) => file.bytes_transferred > 0)) return id;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until the session's expiration has moved by the given time. */
async function livesOn(server: LiveServer, sessionId: string, byMs: number): Promise<void> {
  const client = createClient({ url: server.url, credentials });
  const expiresAt = async (): Promise<number> =>
    Date.parse((await client.updateSession.get({ update_session_id: sessionId })).expiration_time);
  const first = await expiresAt();
  while ((await expiresAt()) < first + byMs)
    await new Promise((resolve) => setTimeout(resolve, 100));
}

describe("push and pull against a real server", { timeout: 120_000 }, () => {
  for (const wire of ["api", "rest"]) {
    test(`a file goes in over /${wire} and comes back byte for byte`, async (t) => {
      const server = await startLiveServer(t);
      const { path, content } = await fileOf(server, "disk image.img", 3 * 1024 * 1024 + 17);
      assert.equal((await server.cli("library", "create", "images", "--wire", wire)).code, 0);
      const pushed = await server.json("push", path, "images/debian", "--wire", wire);
      assert.equal(pushed["changed"], true);
      const [file] = pushed["files"] as [{ name: string; size: number; checksum_info: object }];
      assert.deepEqual(file, {
        name: "disk image.img",
        size: content.byteLength,
        checksum_info: { algorithm: "SHA256", checksum: sha256(content) },
        changed: true,
      });
      const target = join(server.directory, "back");
      const pulled = await server.json("pull", "images/debian", target, "--wire", wire);
      assert.equal(pulled["changed"], true);
      assert.ok((await readFile(join(target, "disk image.img"))).equals(content));
      assert.deepEqual(await readdir(target), ["disk image.img"]);
      assert.equal(
        (await server.json("push", path, "images/debian", "--wire", wire))["changed"],
        false,
      );
      assert.equal(
        (await server.json("pull", "images/debian", target, "--wire", wire))["changed"],
        false,
      );
    });
  }

  test("the first start writes a profile for its user only, and the commands need nothing else", async (t) => {
    const server = await startLiveServer(t);
    const profile = server.env["CONTENTLIB_PROFILE_FILE"] ?? "";
    assert.equal((await stat(profile)).mode & 0o777, 0o600);
    const { code, err } = await server.cli("ls");
    assert.equal(err, "");
    assert.equal(code, 0);
  });

  test("several files become visible as one version; others stay, or go with --replace-all", async (t) => {
    const server = await startLiveServer(t);
    const one = await fileOf(server, "one.bin", 1_000);
    const two = await fileOf(server, "two.bin", 0);
    const three = await fileOf(server, "three.bin", 70_000);
    await server.json("library", "create", "images");
    const first = (await server.json("push", one.path, two.path, "images/set"))["item"] as Record<
      string,
      unknown
    >;
    const second = (await server.json("push", three.path, "images/set"))["item"] as Record<
      string,
      unknown
    >;
    assert.equal(Number(second["content_version"]), Number(first["content_version"]) + 1);
    const names = async () =>
      ((await server.json("ls", "images/set"))["files"] as { name: string }[])
        .map(({ name }) => name)
        .sort();
    assert.deepEqual(await names(), ["one.bin", "three.bin", "two.bin"]);
    const replaced = await server.json("push", one.path, "images/set", "--replace-all");
    assert.deepEqual((replaced["removed"] as string[]).toSorted(), ["three.bin", "two.bin"]);
    assert.deepEqual(await names(), ["one.bin"]);
  });

  test("a busy item: the push says whose session it is and how to end it, and then works", async (t) => {
    const server = await startLiveServer(t);
    const { path } = await fileOf(server, "a.img", 1_000);
    await server.json("library", "create", "images");
    const item = (await server.json("push", path, "images/debian"))["item"] as { id: string };
    const client = createClient({ url: server.url, credentials });
    const sessionId = await client.updateSession.create({
      create_spec: { library_item_id: item.id },
    });
    const other = await fileOf(server, "b.img", 1_000);
    const { code, err } = await server.cli("push", other.path, "images/debian");
    assert.equal(code, 4);
    assert.match(
      err,
      /already has an active update session .* of administrator.*which expires at \d{4}-/,
    );
    assert.ok(err.includes(`contentlib session cancel ${sessionId}`));
    assert.equal((await server.json("session", "cancel", sessionId))["changed"], true);
    assert.equal((await server.cli("push", other.path, "images/debian")).code, 0);
  });

  test("an interrupt ends the session as failed, takes back the item that it had made, and the same line works again", async (t) => {
    const server = await startLiveServer(t);
    await server.json("library", "create", "images");
    const pipe = await pipeOf(server, "slow.img");
    const push = server.start("push", pipe.path, "images/debian");
    const end = await pipe.open();
    await end.write(Buffer.alloc(2 * 1024 * 1024));
    const sessionId = await receiving(server);
    push.child.kill("SIGINT");
    const { code, err } = await push.ended;
    await end.close();
    assert.equal(code, 130);
    assert.match(err, /^contentlib: Interrupted\.$/m);
    const { session } = await server.json("session", "show", sessionId);
    assert.equal((session as { state: string }).state, "ERROR");
    assert.deepEqual((await server.json("ls", "images"))["items"], []);
    assert.match(err, /^images\/debian, which this push had made, is removed again\.$/m);
    const { path } = await fileOf(server, "a.img", 1_000);
    assert.equal((await server.cli("push", path, "images/debian")).code, 0);
  });

  test("a push that was killed outright does not hold its item against the next one", async (t) => {
    const server = await startLiveServer(t);
    await server.json("library", "create", "images");
    const pipe = await pipeOf(server, "slow.img");
    const push = server.start("push", pipe.path, "images/debian");
    const end = await pipe.open();
    await end.write(Buffer.alloc(2 * 1024 * 1024));
    const sessionId = await receiving(server);
    push.child.kill("SIGKILL");
    await push.ended;
    await end.close().catch(() => undefined);
    const { path } = await fileOf(server, "a.img", 1_000);
    const { code, err } = await server.cli("push", path, "images/debian");
    assert.equal(err, "a.img ...\n");
    assert.equal(code, 0);
    const { session } = await server.json("session", "show", sessionId);
    assert.equal((session as { state: string }).state, "ERROR");
  });

  test("a server that dies under a push: exit 6, and after its return the next push works", async (t) => {
    const server = await startLiveServer(t);
    await server.json("library", "create", "images");
    const pipe = await pipeOf(server, "slow.img");
    const push = server.start("push", pipe.path, "images/debian");
    const end = await pipe.open();
    await end.write(Buffer.alloc(2 * 1024 * 1024));
    const sessionId = await receiving(server);
    await server.stop("SIGKILL");
    const { code, err } = await push.ended;
    await end.close();
    assert.equal(code, 6);
    assert.ok(
      err.includes(`Update session ${sessionId} could not be ended; the next push ends it.`),
      err,
    );
    await server.restart();
    assert.deepEqual((await server.json("ls", "images/debian"))["files"], []);
    const { path } = await fileOf(server, "a.img", 1_000);
    assert.equal((await server.cli("push", path, "images/debian")).code, 0);
    const { session } = await server.json("session", "show", sessionId);
    assert.equal((session as { state: string }).state, "ERROR");
  });

  test("a push whose bytes pause for longer than the session's timeout still completes", async (t) => {
    const server = await startLiveServer(t, "--session-timeout", "2s");
    await server.json("library", "create", "images");
    const pipe = await pipeOf(server, "slow.img");
    const push = server.start("push", pipe.path, "images/debian");
    const end = await pipe.open();
    await end.write(Buffer.alloc(1_000_000));
    const sessionId = await receiving(server);
    await livesOn(server, sessionId, 4_000);
    await end.write(Buffer.alloc(500_000));
    await end.close();
    const { code, err } = await push.ended;
    assert.equal(err, "slow.img ...\n");
    assert.equal(code, 0);
    const [file] = (await server.json("ls", "images/debian"))["files"] as [{ size: number }];
    assert.equal(file.size, 1_500_000);
  });

  test("a server that is gone is exit 6, and its return makes the same line work", async (t) => {
    const server = await startLiveServer(t);
    await server.json("library", "create", "images");
    const { path, content } = await fileOf(server, "a.img", 100_000);
    await server.stop("SIGKILL");
    const gone = await server.cli("push", path, "images/debian");
    assert.equal(gone.code, 6);
    assert.match(gone.err, /can not be reached: nothing listens there/);
    await server.restart();
    assert.equal((await server.cli("push", path, "images/debian")).code, 0);
    assert.equal(
      (await server.cli("pull", "images/debian", join(server.directory, "back"))).code,
      0,
    );
    assert.ok((await readFile(join(server.directory, "back", "a.img"))).equals(content));
  });

  test("login by password keeps a login that the commands use", async (t) => {
    const server = await startLiveServer(t);
    const env = {
      ...server.env,
      CONTENTLIB_PROFILE_FILE: join(server.directory, "other.json"),
      CONTENTLIB_PASSWORD: password,
    };
    const run = (...argv: readonly string[]) =>
      spawnSync(
        process.execPath,
        [join(import.meta.dirname, "../../bin/contentlib.mjs"), ...argv],
        { env, encoding: "utf8" },
      );
    const wrong = spawnSync(
      process.execPath,
      [
        join(import.meta.dirname, "../../bin/contentlib.mjs"),
        "login",
        server.url,
        "--user",
        "administrator",
        "--password-stdin",
      ],
      { env, encoding: "utf8", input: "wrong\n" },
    );
    assert.equal(wrong.status, 5);
    const login = run("login", server.url, "--user", "administrator");
    assert.equal(login.stderr, "");
    assert.equal(login.status, 0);
    assert.match(login.stdout, /as administrator@vsphere\.local\.$/m);
    const { CONTENTLIB_PASSWORD: _, ...without } = env;
    const ls = spawnSync(
      process.execPath,
      [join(import.meta.dirname, "../../bin/contentlib.mjs"), "ls"],
      { env: without, encoding: "utf8" },
    );
    assert.equal(ls.status, 0);
  });
});
