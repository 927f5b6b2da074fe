// Who may read the figures of a server, and that nothing of what clients say is in them.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { startServer } from "@contentlib/server";
import { figureOf, parseExposition } from "@contentlib/testkit/client/parse-exposition";
import { basic, BASIC, type Client, PASSWORD, readReply } from "./client.ts";
import { downloadUrl, makeLibrary, openSession, push, read } from "./content.ts";
import { api, FORMS } from "./forms.ts";
import { exchange, type Incoming } from "./http-exchange.ts";
import { askMetrics, type Families, scrapeMetrics, scrapeText } from "./metrics-scrape.ts";
import { People, textOf } from "./people.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

const server = await serverUnderTest();

/** How many figures of ours there are; those of the process come and go with what Node does. */
const seriesOf = (families: Families): number =>
  [...families.values()]
    .filter(({ name }) => name.startsWith("contentlib_"))
    .reduce((sum, { samples }) => sum + samples.length, 0);

describe("labels", () => {
  test("nothing of what clients say is in them: names, ids, paths, secrets", async () => {
    const client = await server.client(api);
    const people = await People.on(server);
    const odd = `odd ${randomBytes(6).toString("hex")} "\\\n{}`.replaceAll("\n", "");
    const mark = odd.slice(4, 16);
    const library = await makeLibrary(client, odd);
    const item = await client.done(
      client.form.createItem({ library_id: library, name: odd, description: odd }),
    );
    const session = await openSession(client, item);
    const uri = await push(client, session, `${mark}.bin`, mark);
    await client.done(client.form.completeSession(session));
    const url = await downloadUrl(client, item, `${mark}.bin`);
    await read(url);
    const person = await people.person(`p${mark}`);
    const token = await people.token({ user: person.id, name: odd });
    for (const form of FORMS) await people.client(form, person);
    const raw = async (method: string, path: string, headers = {}): Promise<Incoming> =>
      await exchange({ method, url: `${server.url}${path}`, headers });
    for (const root of ["", "/api", "/rest", "/cls/data", "/docs", "/openapi", "/metrics"]) {
      await raw("GET", `${root}/${mark}/${token.token}`, { "User-Agent": mark });
      await raw("POST", `${root}/${mark}?${mark}=${mark}`);
    }
    await raw("GET", `/api/session`, { Authorization: basic(mark, mark) });
    await raw("POST", `/api/session`, { Authorization: `Bearer ${mark}` });
    await raw("POST", `/api/session`, { Authorization: basic(mark, mark) });
    for (const name of [mark, `com.vmware.${mark}`, "com.vmware.content.library"])
      await exchange({
        method: "POST",
        url: `${server.url}/api`,
        headers: { "Content-Type": "application/json", "vapi-ctx-opid": mark },
        body: JSON.stringify({
          jsonrpc: "2.0",
          method: "invoke",
          id: mark,
          params: { serviceId: name, operationId: mark, ctx: {}, input: { STRUCTURE: {} } },
        }),
      });
    const text = await scrapeText(server);
    const secrets = [uri, url].map((address) => new URL(address).pathname.split("/")[3] ?? "");
    const ids = [library, item, session, person.id, token.token_id, client.loginId];
    for (const said of [mark, person.name, token.token, PASSWORD, ...secrets, ...ids]) {
      assert.ok(said.length > 6);
      assert.ok(!text.includes(said), said);
    }
  });

  test("a thousand paths and methods of clients make no more figures", async () => {
    const call = async (path: string, method = "GET"): Promise<void> => {
      await exchange({ method, url: `${server.url}${path}`, headers: {} });
    };
    const roots = ["", "/api", "/rest", "/cls/data", "/docs", "/openapi"];
    const warm = async (name: string): Promise<void> => {
      for (const root of roots)
        for (const method of ["GET", "POST"]) await call(`${root}/${name}`, method);
    };
    await warm("first");
    await scrapeMetrics(server);
    const before = seriesOf(await scrapeMetrics(server));
    for (let turn = 0; turn < 84; turn += 1) await warm(freshName("path"));
    assert.equal(seriesOf(await scrapeMetrics(server)), before);
  });
});

describe("who may read them", () => {
  test("viewers of everything: by password, by token, by a login; their own server's port asks everybody", async () => {
    const people = await People.on(server);
    const viewer = await people.pipeline();
    await people.grant({ user: viewer.id }, "VIEWER");
    for (const authorization of [basic(viewer.name, viewer.secret), `Bearer ${viewer.secret}`])
      assert.equal((await askMetrics(server, { Authorization: authorization })).status, 200);
    const client: Client = await people.client(api, viewer);
    assert.equal(
      (await askMetrics(server, { "vmware-api-session-id": client.loginId })).status,
      200,
    );
    assert.equal((await askMetrics(server, {})).status, 401);
    assert.equal(
      (await askMetrics(server, {})).headers["www-authenticate"],
      'Basic realm="contentlib"',
    );
  });

  test("who may see less is refused, told what is missing, and noted in the trail", async () => {
    const people = await People.on(server);
    const library = await makeLibrary(people.admin);
    const editor = await people.person();
    await people.grant({ user: editor.id }, "EDITOR", library);
    const answer = await askMetrics(server, { Authorization: basic(editor.name, editor.secret) });
    assert.equal(answer.status, 403, answer.text);
    const reply = readReply(api, answer);
    assert.equal(reply.faultClass, "unauthorized");
    assert.match(textOf(reply), /System\.Read/);
    assert.match(textOf(reply), /viewer/);
    assert.match(textOf(reply), /administrator@vsphere\.local/);
    const trail = await exchange({
      method: "GET",
      url: `${server.url}/api/contentlib/audit?operation=server.metrics`,
      headers: { "vmware-api-session-id": people.admin.loginId },
    });
    assert.equal(trail.status, 200, trail.text);
    assert.ok(trail.text.includes(editor.id), trail.text);
    const cutDown = await people.token({ grants: [{ role: "EDITOR", library_id: library }] });
    assert.equal(
      (await askMetrics(server, { Authorization: `Bearer ${cutDown.token}` })).status,
      403,
    );
  });

  test("a right that is taken away is gone with the next scrape", async () => {
    const people = await People.on(server);
    const viewer = await people.pipeline();
    const grant = await people.grant({ user: viewer.id }, "VIEWER");
    const headers = { Authorization: `Bearer ${viewer.secret}` };
    assert.equal((await askMetrics(server, headers)).status, 200);
    await people.ungrant(grant);
    assert.equal((await askMetrics(server, headers)).status, 403);
    await people.admin.done({
      method: "DELETE",
      path: `/api/contentlib/tokens/${viewer.tokenId}`,
      status: 204,
    });
    assert.equal((await askMetrics(server, headers)).status, 401);
  });

  test("a page of another origin can not read them", async () => {
    const answer = await askMetrics(server, {
      Authorization: BASIC,
      Origin: "https://evil.example",
    });
    assert.equal(answer.headers["access-control-allow-origin"], undefined);
  });
});

describe("an address of their own", () => {
  const options = (directory: string, port: number) => ({
    dataDirectory: join(directory, "data"),
    adminPassword: PASSWORD,
    metricsListen: { host: "127.0.0.1", port },
  });
  const scratch = (): string => {
    const directory = mkdtempSync(join(tmpdir(), "contentlib-metrics-"));
    after(() => rmSync(directory, { recursive: true, force: true }));
    return directory;
  };

  test("shows the figures without a login, and nothing else, until the server closes", async () => {
    const own = await startServer(options(scratch(), 0));
    const url = own.metricsUrl ?? "";
    try {
      const answer = await fetch(url);
      assert.equal(answer.status, 200);
      const families = parseExposition(await answer.text());
      assert.ok(figureOf(families, "contentlib_disk_size_bytes") > 0);
      assert.equal((await fetch(new URL("/api/session", url), { method: "POST" })).status, 404);
      assert.equal((await fetch(`${own.url}/metrics`)).status, 401);
    } finally {
      await own.close();
    }
    await assert.rejects(fetch(url));
  });

  test("a port that another program has stops the start, with the name of the setting", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    after(() => other.close());
    const { port } = other.address() as AddressInfo;
    const directory = scratch();
    await assert.rejects(startServer(options(directory, port)), {
      name: "StartError",
      message: /Another program listens on 127\.0\.0\.1:\d+.*--metrics-listen/,
    });
    const again = await startServer(options(directory, 0));
    await again.close();
  });

  test("with TLS the end of its certificate is among them, and without it is not", async () => {
    const expiry = "contentlib_tls_certificate_expiry_timestamp_seconds";
    assert.deepEqual((await scrapeMetrics(server)).get(expiry)?.samples, []);
    const own = await startServer({ ...options(scratch(), 0), tls: { kind: "self-signed" } });
    try {
      const answer = await fetch(own.metricsUrl ?? "");
      const families = parseExposition(await answer.text());
      assert.equal(figureOf(families, expiry) * 1000, own.tls?.facts.expiresAt);
    } finally {
      await own.close();
    }
  });

  test("by default there is none", async () => {
    const own = await startServer({ dataDirectory: null, adminPassword: PASSWORD });
    assert.equal(own.metricsUrl, null);
    await own.close();
  });
});
