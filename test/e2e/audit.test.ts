import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { AuditEntry } from "@contentlib/contract";
import { startLiveServer } from "./live-server.ts";
import type { CommandEnd, LiveServer } from "./live-server.ts";

/** The entries of what was printed as JSON, one a line. */
const entriesOf = ({ code, out, err }: CommandEnd): readonly AuditEntry[] => {
  assert.equal(code, 0, err);
  return out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as AuditEntry);
};

/** A library with an item that a pipeline filled by its token, and a guess at somebody's password. */
async function storyOn(server: LiveServer): Promise<void> {
  await server.json("library", "create", "images");
  await server.json("user", "add", "ci", "--no-password");
  await server.json("grant", "add", "editor", "--user", "ci", "--library", "images");
  const made = await server.json("token", "create", "nightly", "--user", "ci");
  const ci = server.as("ci", String(made["token"]));
  const path = join(server.directory, "a.img");
  await writeFile(path, "content");
  await ci.json("push", path, "images/debian");
  assert.equal((await ci.cli("library", "create", "mine")).code, 5);
  assert.equal((await server.as("ci", "a guess").cli("ls")).code, 5);
}

const audit = async (
  server: Pick<LiveServer, "cli">,
  ...words: readonly string[]
): Promise<readonly AuditEntry[]> => entriesOf(await server.cli("audit", "--json", ...words));

const operationsOf = (entries: readonly AuditEntry[]): readonly string[] =>
  entries.map(({ operation }) => operation);

describe("the trail on the command line", { timeout: 240_000 }, () => {
  test("tells who did what, the oldest first, and finds it again in many ways", async (t) => {
    const server = await startLiveServer(t);
    await storyOn(server);
    const all = await audit(server);
    const [first, second] = all;
    assert.equal(first?.operation, "server.start");
    assert.deepEqual(first.objects[0], {
      kind: "USER",
      id: first.objects[0]?.id,
      name: "administrator",
    });
    assert.equal(second?.objects[0]?.kind, "TOKEN");
    const pushed = await audit(server, "--user", "ci", "--event", "change", "--since", "1h");
    assert.deepEqual(operationsOf(pushed), [
      "item.create",
      "updateSession.create",
      "updateSessionFile.add",
      "transfer.upload",
      "updateSession.complete",
    ]);
    const [created] = pushed;
    assert.ok(created);
    assert.equal(created.token_name, "nightly");
    const [object] = created.objects;
    assert.deepEqual(await audit(server, "--on", String(object?.id)), pushed);
    assert.deepEqual(await audit(server, "--on", "images/debian"), pushed);
    assert.deepEqual(await audit(server, "--request", String(created.request_id)), [created]);
    const byToken = await audit(server, "--token", String(created.token_id));
    assert.ok(byToken.length > pushed.length, "logins and what was denied as well");
    assert.deepEqual(await audit(server, "--token", "nightly", "--user", "ci"), byToken);
    assert.deepEqual(operationsOf(await audit(server, "--event", "denied")), [
      "localLibrary.create",
    ]);
    const [guess] = await audit(server, "--event", "LOGIN_REFUSED", "--actor", "ci");
    assert.equal(guess?.reason, "wrong password");
    assert.deepEqual(await audit(server, "--until", "2020-01-01"), []);
  });

  test("is a table for people, and says when there is more", async (t) => {
    const server = await startLiveServer(t);
    await storyOn(server);
    const { out } = await server.cli("audit");
    assert.match(out, /^TIME +WHO +FROM +OPERATION +ON +NOTE$/m);
    assert.match(out, /ci \(nightly\) +127\.0\.0\.1 +transfer\.upload +a\.img of images\/debian$/m);
    assert.match(
      out,
      /localLibrary\.create +- +needs ContentLibrary\.CreateLocalLibrary on everything$/m,
    );
    assert.match(out, /login\.create +- +refused: wrong password$/m);
    const cut = await server.cli("audit", "--limit", "2");
    assert.equal(cut.out.trimEnd().split("\n").length, 3);
    assert.match(cut.err, /newest 2; --all/);
    const none = await server.cli("audit", "--operation", "item.delete");
    assert.deepEqual([none.code, none.out], [0, ""]);
    assert.match(none.err, /There are no entries\.$/m);
    for (const words of [
      ["--limit", "0"],
      ["--event", "nothing"],
      ["--since", "yesterday"],
      ["--operation", "item.creat"],
      ["--address", "localhost"],
      ["--request", "7"],
      ["--follow", "--until", "1h"],
      ["--all", "--limit", "3"],
    ])
      assert.equal((await server.cli("audit", ...words)).code, 2, words.join(" "));
  });

  test("is followed until it is interrupted", async (t) => {
    const server = await startLiveServer(t);
    const { child, ended } = server.start("audit", "--json", "--follow", "--event", "change");
    let seen = "";
    child.stdout?.on("data", (part: Buffer) => (seen += String(part)));
    while (!seen.includes("server.start")) await once(child.stdout ?? child, "data");
    await server.json("library", "create", "images");
    while (!seen.includes("localLibrary.create")) await once(child.stdout ?? child, "data");
    child.kill("SIGINT");
    const { code, out } = await ended;
    assert.equal(code, 130);
    const told = entriesOf({ code: 0, out, err: "" });
    assert.equal(new Set(told.map(({ id }) => id)).size, told.length, "nothing is told twice");
  });

  test("is followed across a restart of the server, and nothing is told twice or lost", async (t) => {
    const server = await startLiveServer(t);
    const { child, ended } = server.start("audit", "--json", "--follow", "--event", "change");
    let seen = "";
    let errors = "";
    child.stdout?.on("data", (part: Buffer) => (seen += String(part)));
    child.stderr?.on("data", (part: Buffer) => (errors += String(part)));
    while (!seen.includes("server.start")) await once(child.stdout ?? child, "data");
    await server.json("library", "create", "before");
    await server.stop();
    while (!errors.includes("exitCode")) await once(child.stderr ?? child, "data");
    await server.restart();
    await server.json("library", "create", "after");
    while (!seen.includes('"after"')) await once(child.stdout ?? child, "data");
    child.kill("SIGINT");
    const { code, out, err } = await ended;
    assert.equal(code, 130);
    const told = entriesOf({ code: 0, out, err: "" });
    const all = await audit(server, "--event", "change");
    assert.deepEqual(
      told.map(({ id }) => id),
      all.map(({ id }) => id),
    );
    assert.equal(err.match(/"exitCode":6/g)?.length, 1, "the restart is told once");
  });

  test("is there without a server too, and tells what was done without one", async (t) => {
    const server = await startLiveServer(t);
    await server.json("library", "create", "images");
    await server.stop();
    const data = ["--data", join(server.directory, "data")];
    await server.json("user", "add", "ben", "--no-password", ...data);
    const told = await audit(server, "--operation", "user.create", ...data);
    assert.deepEqual(
      told.map(({ actor, user, address, objects }) => [actor, user, address, objects[0]?.name]),
      [["SERVER", undefined, undefined, "ben"]],
    );
    const { out } = await server.cli("audit", "--limit", "1", ...data);
    assert.deepEqual(await audit(server, "--on", "user:ben", ...data), told);
    assert.equal((await server.cli("audit", "--on", "user:tom", ...data)).code, 3);
    const nobodys = await server.cli("audit", "--token", "n", ...data);
    assert.equal(nobodys.code, 2);
    assert.match(nobodys.err, /Whose token is n\?\n {2}Name its account with --user NAME/);
    assert.match(out, /^\S+ \S+ +data directory +- +user\.create +user ben$/m);
    assert.equal((await server.cli("audit", "--follow", ...data)).code, 2);
    await server.restart();
    assert.ok(operationsOf(await audit(server)).includes("user.create"));
  });

  test("is for administrators", async (t) => {
    const server = await startLiveServer(t);
    await storyOn(server);
    const token = await server.json("token", "create", "reading", "--user", "ci");
    const refused = await server.as("ci", String(token["token"])).cli("audit");
    assert.equal(refused.code, 5);
    assert.match(refused.err, /contentlib\.ReadAudit/);
  });
});
