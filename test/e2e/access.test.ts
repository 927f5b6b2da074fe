import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { open, stat, writeFile } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createClient } from "@contentlib/client";
import { password, startLiveServer } from "./live-server.ts";
import type { LiveServer } from "./live-server.ts";

const NEW_PASSWORD = "another horse altogether";
const POLL_MS = 50;

/** A file that holds a password, as a program hands one over. */
async function passwordFile(server: LiveServer, text = NEW_PASSWORD): Promise<string> {
  const path = join(server.directory, "password");
  await writeFile(path, `${text}\n`, { mode: 0o600 });
  return path;
}

async function fileOf(server: LiveServer, name: string): Promise<string> {
  const path = join(server.directory, name);
  await writeFile(path, `content of ${name}`);
  return path;
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

/** Waits until the server has received bytes in a session of anybody, and answers the session. */
async function receiving(
  server: LiveServer,
): Promise<{ readonly id: string; readonly user: string }> {
  const client = createClient({
    url: server.url,
    credentials: { userName: "administrator", password },
  });
  try {
    for (;;) {
      const sessions = await client.sessionOverview.list({ state: "ACTIVE" });
      const found = sessions.find(({ bytes_transferred }) => bytes_transferred > 0);
      if (found !== undefined) return { id: found.session_id, user: found.user };
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } finally {
    await client.close();
  }
}

/** Two libraries, and a pipeline that may change what is in one of them, by a token. */
async function pipeline(server: LiveServer) {
  await server.json("library", "create", "images");
  await server.json("library", "create", "disks");
  await server.json("user", "add", "ci", "--no-password", "--description", "nightly builds");
  const grant = await server.json("grant", "add", "editor", "--user", "ci", "--everything");
  const cut = ["--grant", "editor:images", "--grant", "viewer:disks"];
  const words = ["token", "create", "nightly", "--user", "ci", "--expires", "90d"];
  const made = await server.json(...words, ...cut);
  return { grant: grant["grant"] as { grant_id: string }, token: String(made["token"]) };
}

describe("accounts, rights and tokens on the command line", { timeout: 240_000 }, () => {
  test("a token is the password of its account, does what its grants say, and dies when it is revoked", async (t) => {
    const server = await startLiveServer(t);
    const { token } = await pipeline(server);
    assert.match(token, /^[0-9a-f]{64}$/);
    const ci = server.as("ci", token);
    const path = await fileOf(server, "a.img");
    assert.equal((await ci.json("push", path, "images/debian"))["changed"], true);
    const refused = await ci.cli("push", path, "disks/debian");
    assert.equal(refused.code, 5, refused.err);
    assert.match(refused.err, /token nightly,.*AddLibraryItem.*disks/);
    assert.equal((await ci.cli("library", "create", "mine")).code, 5);
    const revoked = await server.json("token", "revoke", "nightly", "--user", "ci");
    assert.equal(revoked["changed"], true);
    assert.equal((await ci.cli("ls")).code, 5);
    assert.equal((await server.cli("token", "revoke", "nightly", "--user", "ci")).code, 3);
  });

  test("whoami tells what one may do, and answers beforehand in the words of the refusal", async (t) => {
    const server = await startLiveServer(t);
    const { token } = await pipeline(server);
    const ci = server.as("ci", token);
    const me = await ci.json("whoami");
    assert.equal(me["user"], "ci");
    assert.equal(me["token_name"], "nightly");
    assert.equal(me["role"], undefined);
    assert.equal((me["libraries"] as object[]).length, 2);
    assert.match((await ci.cli("whoami")).out, /^editor +images /m);
    const yes = await ci.cli("whoami", "--can", "item.create", "--on", "images");
    assert.deepEqual([yes.code, yes.out], [0, "Yes.\n"]);
    const no = await ci.cli("whoami", "--can", "library.item.create", "--on", "disks");
    assert.deepEqual([no.code, no.out], [5, ""]);
    const path = await fileOf(server, "a.img");
    assert.equal(no.err, (await ci.cli("push", path, "disks/debian")).err);
    assert.equal((await ci.cli("whoami", "--can", "item.destroy")).code, 4);
    assert.equal((await ci.cli("whoami", "--on", "disks")).code, 2);
  });

  test("taking the token away while it uploads cuts the push, and its item is free at once", async (t) => {
    const server = await startLiveServer(t);
    const { token } = await pipeline(server);
    const pipe = await pipeOf(server, "slow.img");
    const push = server.as("ci", token).start("push", pipe.path, "images/debian");
    const end = await pipe.open();
    await end.write(Buffer.alloc(2 * 1024 * 1024));
    const session = await receiving(server);
    assert.equal(session.user, "ci");
    assert.equal((await server.cli("token", "revoke", "nightly", "--user", "ci")).code, 0);
    const { sessions } = await server.json("session", "ls", "--all");
    const [shown] = sessions as { id: string; state: string; place: string; user: string }[];
    assert.deepEqual(
      [shown?.id, shown?.state, shown?.place, shown?.user],
      [session.id, "CANCELED", "images/debian", "ci"],
    );
    const { code } = await push.ended;
    assert.notEqual(code, 0);
    await end.close().catch(() => undefined);
    const path = await fileOf(server, "a.img");
    assert.equal((await server.cli("push", path, "images/debian")).code, 0);
  });

  test("people: passwords, groups, being shut out and let in again", async (t) => {
    const server = await startLiveServer(t);
    await server.json("library", "create", "images");
    const file = await passwordFile(server);
    const { user } = await server.json("user", "add", "Ben", "--password-file", file);
    assert.equal((user as { name: string }).name, "ben");
    const ben = server.as("ben", NEW_PASSWORD);
    assert.deepEqual((await ben.json("library", "ls"))["libraries"], []);
    await server.json("group", "add", "builders");
    await server.json("grant", "add", "viewer", "--group", "builders", "--library", "images");
    const joined = await server.json("group", "join", "builders", "ben");
    assert.equal(joined["changed"], true);
    assert.equal(((await ben.json("library", "ls"))["libraries"] as object[]).length, 1);
    const shown = await server.json("user", "show", "ben");
    assert.deepEqual(shown["groups"], ["builders"]);
    assert.equal((shown["grants"] as object[]).length, 1);
    assert.deepEqual((await ben.json("user", "show", "ben"))["groups"], ["builders"]);
    // Of those who come and go at once none is lost.
    await server.json("user", "add", "carl", "--no-password");
    await server.json("user", "add", "dora", "--no-password");
    const [again, ...joins] = await Promise.all(
      ["ben", "carl", "dora"].map((name) => server.json("group", "join", "builders", name)),
    );
    assert.equal(again?.["changed"], false);
    for (const { changed } of joins) assert.equal(changed, true);
    const { group } = await server.json("group", "show", "builders");
    assert.deepEqual(
      (group as { members: readonly { user: string }[] }).members.map(({ user: name }) => name),
      ["ben", "carl", "dora"],
    );
    await server.json("group", "leave", "builders", "ben");
    assert.deepEqual((await ben.json("library", "ls"))["libraries"], []);
    assert.equal((await server.cli("group", "leave", "builders", "ben")).code, 3);
    await server.json("user", "disable", "ben");
    assert.equal((await ben.cli("ls")).code, 5);
    assert.equal((await server.json("user", "disable", "ben"))["changed"], false);
    await server.json("user", "enable", "ben");
    await writeFile(file, "a horse of my own choice");
    assert.equal((await ben.cli("user", "passwd", "--password-file", file)).code, 0);
    assert.equal((await ben.cli("ls")).code, 5);
    assert.equal((await server.as("ben", "a horse of my own choice").cli("ls")).code, 0);
    assert.equal((await ben.cli("user", "ls")).code, 5);
    assert.equal((await server.json("user", "rm", "ben"))["changed"], true);
    assert.equal((await server.cli("user", "show", "ben")).code, 3);
    await server.json("group", "rm", "builders");
    assert.deepEqual((await server.json("group", "ls"))["groups"], []);
  });

  test("whoever takes his own right away is told that it is done", async (t) => {
    const server = await startLiveServer(t);
    const file = await passwordFile(server);
    for (const name of ["ann", "ben"])
      await server.json("user", "add", name, "--password-file", file);
    await server.json("group", "add", "keepers", "--member", "ann", "--member", "ben");
    await server.json("grant", "add", "administrator", "--group", "keepers", "--everything");
    const [ann, ben] = ["ann", "ben"].map((name) => server.as(name, NEW_PASSWORD));
    assert.ok(ann && ben);
    const left = await ann.cli("group", "leave", "keepers", "ann");
    assert.deepEqual([left.code, left.out], [0, "Group keepers: ben\n"], left.err);
    assert.match(left.err, /your own account/);
    assert.equal((await ann.cli("user", "ls")).code, 5);
    const { changed, user } = await ben.json("user", "disable", "ben");
    assert.equal(changed, true);
    assert.equal((user as { disabled: boolean }).disabled, true);
    assert.equal((await ben.cli("ls")).code, 5);
    await server.json("user", "enable", "ben");
    const again = await ben.cli("user", "disable", "BEN");
    assert.deepEqual([again.code, again.out], [0, "User ben disabled.\n"], again.err);
    assert.match(again.err, /your own account/);
    await server.json("user", "enable", "ben");
    const removed = await ben.cli("user", "rm", "ben");
    assert.equal(removed.code, 0, removed.err);
    assert.match(removed.err, /your own account/);
    const { token, info } = await server.json("token", "create", "whole");
    const whole = server.as("administrator", String(token));
    const { token_id } = info as { token_id: string };
    const cut = await whole.cli("grant", "add", "viewer", "--token", token_id, "--everything");
    assert.equal(cut.code, 0, cut.err);
    assert.match(cut.out, /^Granted/);
  });

  test("what makes no sense, or must not be, says so", async (t) => {
    const server = await startLiveServer(t);
    const expected: readonly (readonly [number, RegExp, ...string[]])[] = [
      [2, /unknown option '--password'/, "user", "add", "ben", "--password", "secret"],
      [2, /no terminal to ask on[^]*--password-file/, "user", "add", "ben"],
      [3, /no such file/, "user", "add", "ben", "--password-file", "nowhere"],
      [4, /name is not valid/, "user", "add", "b en", "--no-password"],
      [4, /leave nobody who is administrator/, "user", "disable", "administrator"],
      [4, /came with the server/, "user", "rm", "administrator"],
      [2, /no role boss/, "grant", "add", "boss", "--user", "administrator", "--everything"],
      [2, /On what\?/, "grant", "add", "viewer", "--user", "administrator"],
      [2, /For whom\?/, "grant", "add", "viewer", "--everything"],
      [2, /cannot be used with/, "grant", "add", "viewer", "--everything", "--library", "x"],
      [3, /no library x/, "grant", "add", "viewer", "--user", "administrator", "--library", "x"],
      [3, /no user zoe/, "grant", "add", "viewer", "--user", "zoe", "--everything"],
      [3, /no grant 7/, "grant", "rm", "7"],
      [2, /soon is no time/, "token", "create", "x", "--expires", "soon"],
      [2, /0d is over at once/, "token", "create", "x", "--expires", "0d"],
      [4, /form of an id/, "group", "add", "00000000-0000-4000-8000-000000000001"],
      [2, /Try: contentlib group add --help/, "group", "add"],
      [4, /not in the future/, "token", "create", "x", "--expires", "2020-01-01"],
      [2, /cannot be used with/, "session", "ls", "--all", "--item", "x/y"],
    ];
    for (const [code, words, ...argv] of expected) {
      const ended = await server.cli(...argv);
      assert.equal(ended.code, code, `${argv.join(" ")}: ${ended.err}`);
      assert.match(ended.err, words, argv.join(" "));
    }
  });

  test("a token is printed alone, so that it can go into a file", async (t) => {
    const server = await startLiveServer(t);
    const { code, out, err } = await server.cli("token", "create", "mine");
    assert.equal(code, 0);
    assert.match(out, /^[0-9a-f]{64}\n$/);
    assert.match(err, /shown this once/);
    assert.ok(!err.includes(out.trim()));
    const listed = await server.cli("token", "ls");
    assert.match(listed.out, /^mine +administrator +never .*all that its user may$/m);
    assert.ok(!listed.out.includes(out.trim()));
  });
});

describe("what is listed and refused", { timeout: 120_000 }, () => {
  test("token ls --all has the tokens of everybody, the first to expire first, for administrators", async (t) => {
    const server = await startLiveServer(t);
    await server.json("user", "add", "ci", "--no-password");
    await server.json("token", "create", "for-ever", "--user", "ci");
    await server.json("token", "create", "late", "--user", "ci", "--expires", "90d");
    await server.json("token", "create", "soon", "--expires", "7d");
    const { out } = await server.cli("token", "ls", "--all");
    const rows = out.trimEnd().split("\n").slice(1);
    assert.deepEqual(rows.map((row) => row.split(/ {2,}/)[0]).slice(0, 2), ["soon", "late"], out);
    assert.ok(
      rows.some((row) => /^for-ever +ci +never /.test(row)),
      out,
    );
    assert.equal((await server.cli("token", "ls", "--all", "--user", "ci")).code, 2);
    const made = await server.json("token", "create", "own", "--user", "ci");
    const ci = server.as("ci", String(made["token"]));
    assert.equal((await ci.cli("token", "ls", "--all")).code, 5);
  });

  test("a grant that is there already is named by its library, and an unknown operation by its neighbours", async (t) => {
    const server = await startLiveServer(t);
    const { library } = await server.json("library", "create", "team images");
    const { id } = library as { readonly id: string };
    await server.json("user", "add", "ci", "--no-password");
    const grant = ["grant", "add", "editor", "--user", "ci", "--library", "team images"];
    assert.equal((await server.cli(...grant)).code, 0);
    const again = await server.cli(...grant);
    assert.equal(again.code, 4);
    assert.match(again.err, /the role editor on library team images already\./);
    assert.match(again.err, /^ {2}See .*: contentlib grant ls --library 'team images'$/m);
    assert.ok(!again.err.includes(id));
    const asked = await server.cli("whoami", "--can", "item.creat");
    assert.equal(asked.code, 4);
    assert.match(asked.err, /There is no operation item\.creat\.\n {2}Did you mean item\.create,/);
    const made = await server.json("token", "create", "own", "--user", "ci");
    const ci = server.as("ci", String(made["token"]));
    await server.json("library", "create", "secret");
    const hidden = await ci.cli("push", join(server.directory, "profiles.json"), "secret/x");
    assert.equal(hidden.code, 3);
    assert.match(hidden.err, /There is no library secret, or none that you may see\./);
    assert.ok(!hidden.err.includes("library create"));
    assert.match((await server.cli("ls", "nope")).err, /library nope\.\n {2}Create it: /);
  });
});

describe("a data directory without a server", { timeout: 240_000 }, () => {
  test("lets the last administrator in again whose password is lost", async (t) => {
    const server = await startLiveServer(t);
    const data = join(server.directory, "data");
    const file = await passwordFile(server);
    const passwd = ["user", "passwd", "administrator", "--password-file", file, "--data", data];
    const busy = await server.cli(...passwd);
    assert.equal(busy.code, 4);
    assert.match(busy.err, /^contentlib: The data directory .* is in use by .*\n$/);
    await server.stop();
    const changed = await server.json(...passwd);
    assert.equal(changed["changed"], true);
    await server.restart();
    assert.equal((await server.as("administrator", password).cli("ls")).code, 5);
    assert.equal((await server.as("administrator", NEW_PASSWORD).cli("ls")).code, 0);
  });

  test("takes the same commands as a server, and refuses what it would refuse", async (t) => {
    const server = await startLiveServer(t);
    await server.json("library", "create", "images");
    await server.stop();
    const data = ["--data", join(server.directory, "data")];
    await server.json("user", "add", "ci", "--no-password", ...data);
    await server.json("group", "add", "builders", "--member", "ci", ...data);
    const grant = ["grant", "add", "editor", "--group", "builders", "--library", "images"];
    await server.json(...grant, ...data);
    const again = await server.cli(...grant, ...data, "--json");
    assert.equal(again.code, 4);
    assert.equal(JSON.parse(again.err).error.class, "already_exists");
    const { token } = await server.json("token", "create", "nightly", "--user", "ci", ...data);
    assert.equal((await server.cli("user", "show", "zoe", ...data)).code, 3);
    assert.equal((await server.cli("user", "rm", "administrator", ...data)).code, 4);
    const before = await stat(join(server.directory, "data", "catalog.sqlite"));
    assert.equal(before.mode & 0o077, 0, "what is private stays private");
    await server.restart();
    const ci = server.as("ci", String(token));
    assert.equal(
      (await ci.json("push", await fileOf(server, "a.img"), "images/x"))["changed"],
      true,
    );
  });

  test("loses the administrator who is asked in it, where another is left", async (t) => {
    const server = await startLiveServer(t);
    await server.json("user", "add", "ann", "--password-file", await passwordFile(server));
    await server.json("grant", "add", "administrator", "--user", "ann", "--everything");
    await server.stop();
    const data = ["--data", join(server.directory, "data")];
    const ended = await server.cli("user", "disable", "administrator", ...data);
    assert.deepEqual([ended.code, ended.out], [0, "User administrator disabled.\n"], ended.err);
    assert.doesNotMatch(ended.err, /your own/);
    const { user } = await server.json("user", "show", "administrator", ...data);
    assert.equal((user as { disabled: boolean }).disabled, true);
  });

  test("is not made where there is none", async (t) => {
    const server = await startLiveServer(t);
    const nowhere = join(server.directory, "nowhere");
    const { code, err } = await server.cli("user", "ls", "--data", nowhere);
    assert.equal(code, 4);
    assert.match(err, /^contentlib: There is no data directory of a server at .*nowhere\.\n$/);
    await assert.rejects(stat(nowhere), { code: "ENOENT" });
  });
});
