import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Client } from "@contentlib/client";
import { createClient } from "@contentlib/client";
import type { TlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { startRemoteServer } from "@contentlib/testkit/rigs/remote-rig";
import { startCliRig, WIRES } from "./cli-rig.ts";
import { binary, password, startLiveServer } from "./live-server.ts";

const SECRET = "the password at the depot";
const basic = (user: string, secret: string): string =>
  `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;

/** A server that gives a file to whoever logs in, and tells of itself what it was shown; `/moved` leads to another server. */
async function startDepot(
  t: TestContext,
  elsewhere = "",
  options: { identity?: TlsIdentity } = {},
) {
  const seen: (string | undefined)[] = [];
  const depot = await startRemoteServer((request: IncomingMessage, response) => {
    seen.push(request.headers.authorization);
    if (request.url === "/moved") response.writeHead(302, { Location: elsewhere }).end();
    else if (request.headers.authorization === basic("ci", SECRET)) response.end("0123456789");
    else response.writeHead(401, { "WWW-Authenticate": "Basic" }).end();
  }, options);
  t.after(async () => await depot.close());
  return { ...depot, seen };
}

/** Adds a file that the server pulls, and waits for what comes of it. */
async function pulled(client: Client, sessionId: string, name: string, source_endpoint: object) {
  const where = { update_session_id: sessionId };
  const file_spec = { name, source_type: "PULL", source_endpoint } as Parameters<
    Client["updateSessionFile"]["add"]
  >[0]["file_spec"];
  await client.updateSessionFile.add({ ...where, file_spec });
  for (;;) {
    const file = await client.updateSessionFile.get({ ...where, file_name: name });
    if (file.status === "READY" || file.status === "ERROR") return file;
    await wait(10);
  }
}

async function openSession(client: Client): Promise<string> {
  const library_id = await client.localLibrary.create({
    create_spec: { name: `images ${Math.random()}`, storage_backings: [{ type: "OTHER" }] },
  });
  const library_item_id = await client.item.create({ create_spec: { library_id, name: "debian" } });
  return await client.updateSession.create({ create_spec: { library_item_id } });
}

describe("secrets on the command line", () => {
  for (const wire of WIRES)
    test(`are set, listed without their password, and forgotten, over /${wire}`, async (t) => {
      const rig = await startCliRig(t, wire);
      const { cli, json } = rig;
      assert.match((await cli("secret", "ls")).out, /There are no secrets.*secret set/);
      const line = ["secret", "set", "depot", "--origin", "HTTPS://Depot.Example:443/"];
      const set = await rig.feed(`${SECRET}\n`, ...line, "--user", "ci", "--password-stdin");
      assert.equal(set.code, 0, set.err);
      assert.match(set.out, /^Secret depot is kept, for https:\/\/depot\.example and no other/);
      const listed = (await json("secret", "ls"))["secrets"] as readonly object[];
      assert.equal(listed.length, 1);
      const { out } = await cli("secret", "ls");
      assert.match(out, /^NAME +FOR +USER +SET +BY$/m);
      assert.match(
        out,
        /^depot +https:\/\/depot\.example +ci +\d{4}-.* administrator@vsphere\.local$/m,
      );
      for (const text of [set.out, set.err, out, JSON.stringify(listed)])
        assert.ok(!text.includes(SECRET));
      assert.match((await cli("secret", "rm", "depot")).out, /Secret depot is forgotten/);
      const gone = await cli("secret", "rm", "depot");
      assert.equal(gone.code, 3, gone.err);
    });

  test("are asked for on a terminal only, and refused for what can not be", async (t) => {
    const rig = await startCliRig(t);
    const line = ["secret", "set", "depot", "--origin"];
    const unasked = await rig.cli(...line, "https://depot.example");
    assert.equal(unasked.code, 2);
    assert.match(unasked.err, /no terminal.*\n?.*--password-stdin/);
    assert.equal((await rig.cli("secret", "set", "depot")).code, 2);
    for (const [origin, input, words] of [
      ["https://depot.example/path", SECRET, /origin of the secret is not valid/],
      ["https://depot.example", "", /password of the secret is not valid: it is empty/],
    ] as const) {
      const refused = await rig.feed(input, ...line, origin, "--password-stdin");
      assert.equal(refused.code, 4, refused.err);
      assert.match(refused.err, words);
      assert.ok(!refused.err.includes(SECRET));
    }
  });
});

describe("a file that is pulled by a secret", () => {
  test("comes with its login, which goes along no redirect to another server", async (t) => {
    const rig = await startCliRig(t);
    const { client, cli } = rig;
    const other = await startDepot(t);
    const depot = await startDepot(t, `${other.origin}/a.iso`);
    const line = ["secret", "set", "depot", "--origin", depot.origin];
    await rig.feed(SECRET, ...line, "--user", "ci", "--password-stdin");
    const session = await openSession(client);
    const named = (path: string) => ({ uri: depot.origin + path, contentlib_secret: "depot" });
    const file = await pulled(client, session, "a.iso", named("/a.iso"));
    assert.equal(file.status, "READY", file.error_message?.default_message);
    assert.deepEqual(file.source_endpoint, named("/a.iso"));
    const moved = await pulled(client, session, "b.iso", named("/moved"));
    assert.equal(moved.status, "ERROR");
    assert.match(moved.error_message?.default_message ?? "", /asks for a login/);
    assert.deepEqual(other.seen, [undefined]);
    assert.ok(depot.seen.every((login) => login === basic("ci", SECRET)));
    const elsewhere = { uri: `${other.origin}/a.iso`, contentlib_secret: "depot" };
    await assert.rejects(pulled(client, session, "c.iso", elsewhere), /goes nowhere else/);
    assert.equal(other.seen.length, 1);
    const probe = await cli("probe", `${depot.origin}/a.iso`, "--secret", "depot");
    assert.equal(probe.code, 0, probe.err);
    assert.equal((await cli("probe", `${depot.origin}/a.iso`, "--secret", "none")).code, 3);
    assert.equal((await cli("probe", `${other.origin}/a.iso`, "--secret", "depot")).code, 2);
  });
});

describe("a secret for a server with a certificate of its own making", () => {
  test("is told to it once an administrator trusts that, and not because its caller does", async (t) => {
    const rig = await startCliRig(t);
    const { client } = rig;
    const identity = aTlsIdentity({ names: ["127.0.0.1"] });
    const depot = await startDepot(t, "", { identity });
    const line = ["secret", "set", "depot", "--origin", depot.origin];
    await rig.feed(SECRET, ...line, "--user", "ci", "--password-stdin");
    const session = await openSession(client);
    const source = { uri: `${depot.origin}/a.iso`, contentlib_secret: "depot" };
    const untrusted = await pulled(client, session, "a.iso", source);
    assert.match(untrusted.error_message?.default_message ?? "", /is not trusted/);
    const vouched = { ...source, ssl_certificate: identity.certPem };
    await assert.rejects(pulled(client, session, "a.iso", vouched), /an administrator trust/);
    assert.deepEqual(depot.seen, []);
    await client.trustedCertificate.create({ spec: { cert_text: identity.certPem } });
    const file = await pulled(client, session, "a.iso", source);
    assert.equal(file.status, "READY", file.error_message?.default_message);
    assert.deepEqual(depot.seen, [basic("ci", SECRET)]);
  });
});

describe("a server of its own", { timeout: 240_000 }, () => {
  test("keeps secrets sealed, takes them without a login while it is stopped, and pulls what it has opened", async (t) => {
    const depot = await startDepot(t);
    const server = await startLiveServer(t, "--pull-allow", `127.0.0.1:${depot.port}`);
    await server.stop();
    const data = join(server.directory, "data");
    const line = ["secret", "set", "depot", "--origin", depot.origin, "--user", "ci"];
    const argv = [binary, ...line, "--password-stdin", "--data", data];
    const set = spawnSync(process.execPath, argv, { input: SECRET, env: server.env });
    assert.equal(set.status, 0, String(set.stderr));
    for (const name of await readdir(data, { recursive: true, withFileTypes: true }))
      if (name.isFile()) {
        const content = await readFile(join(name.parentPath, name.name));
        assert.ok(!content.includes(SECRET), name.name);
      }
    await server.restart();
    const credentials = { userName: "administrator", password };
    const client = createClient({ url: server.url, credentials });
    const uri = `${depot.origin}/a.iso`;
    const source = { uri, contentlib_secret: "depot" };
    const file = await pulled(client, await openSession(client), "a.iso", source);
    assert.equal(file.status, "READY", file.error_message?.default_message);
    const [entry] = (await client.audit.list({ operation: "secret.set" })).entries;
    assert.deepEqual(
      entry?.objects.map(({ kind, id }) => [kind, id]),
      [["SECRET", "depot"]],
    );
    await client.close();
  });

  test("reads files below the directories of its settings, and none of its own", async (t) => {
    const directories = await startCliRig(t);
    const open = directories.directory;
    const server = await startLiveServer(t, "--pull-directories", `san=${open}`);
    const { client } = directories;
    const credentials = { userName: "administrator", password };
    const there = createClient({ url: server.url, credentials });
    await writeFile(join(open, "a b.iso"), "0123456789");
    const session = await openSession(there);
    for (const [name, uri] of [
      ["a.iso", `file://${open}/a%20b.iso`],
      ["b.iso", "ds:///vmfs/volumes/san/a%20b.iso"],
    ] as const) {
      const file = await pulled(there, session, name, { uri });
      assert.deepEqual(
        [file.status, file.size],
        ["READY", 10],
        file.error_message?.default_message,
      );
    }
    for (const path of [join(server.directory, "data", "catalog.sqlite"), "/etc/passwd"]) {
      const file = await pulled(there, session, "c.iso", { uri: `file://${path}` });
      assert.equal(file.status, "ERROR");
      assert.match(file.error_message?.default_message ?? "", /lies in no directory/);
    }
    const unopened = pulled(client, await openSession(client), "a.iso", { uri: "ds:///san/a.iso" });
    await assert.rejects(unopened, /CONTENTLIB_PULL_DIRECTORIES/);
    await directories.cli("library", "create", "lib");
    const refused = await directories.cli("pull-url", "lib/storage", "ds:///san/a.iso");
    assert.equal(refused.code, 4, refused.err);
    assert.match(refused.err, /CONTENTLIB_PULL_DIRECTORIES/);
    await there.close();
  });
});
