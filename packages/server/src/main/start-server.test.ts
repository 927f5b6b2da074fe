import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import { PinoJournal } from "../adapters/journal/pino-journal.ts";
import { StartError } from "./start-error.ts";
import type { RunningServer, StartOptions } from "./start-server.ts";
import { startServer } from "./start-server.ts";

const folder = mkdtempSync(join(tmpdir(), "contentlib-start-"));
after(() => rmSync(folder, { recursive: true }));

const PASSWORD = "correct horse";
const basic = (password: string): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`administrator:${password}`).toString("base64")}`,
});

const loginAt = async (server: RunningServer, headers: Record<string, string>): Promise<Response> =>
  await fetch(`${server.url}/api/session`, { method: "POST", headers });

const startErrorOf = async (options: StartOptions): Promise<string> => {
  try {
    const server = await startServer(options);
    await server.close();
  } catch (error) {
    assert.ok(error instanceof StartError, String(error));
    assert.equal(error.message.includes("\n"), false);
    return error.message;
  }
  return assert.fail("it started");
};

test("a server in memory answers at once, with descriptions of both wires, and ends cleanly", async () => {
  const server = await startServer({ dataDirectory: null, adminPassword: PASSWORD });
  assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
  for (const wire of ["rest", "api"]) {
    const description = (await (await fetch(`${server.url}/openapi/${wire}.json`)).json()) as {
      openapi?: string;
      paths: object;
    };
    assert.ok(Object.keys(description.paths).length > 20);
  }
  assert.equal((await loginAt(server, basic(PASSWORD))).status, 201);
  await server.close();
  await server.close();
  await assert.rejects(fetch(`${server.url}/readyz`));
});

test("account, logins and endpoint key survive a restart; a later password is compared and ignored", async () => {
  const dataDirectory = join(folder, "restart");
  const profileFile = join(folder, "profiles.json");
  const first = await startServer({ dataDirectory, adminPassword: PASSWORD, profileFile });
  assert.equal(first.administrator.kind, "created");
  assert.equal(first.profile, "written");
  const id = (await (await loginAt(first, basic(PASSWORD))).json()) as string;
  const { profiles } = JSON.parse(readFileSync(profileFile, "utf8")) as {
    profiles: Record<string, { url: string; token: string }>;
  };
  assert.equal(profiles["default"]?.url, first.url);
  assert.equal(
    (await loginAt(first, { authorization: `Bearer ${profiles["default"]?.token ?? ""}` })).status,
    201,
  );
  const key = readFileSync(join(dataDirectory, "endpoint.key"));
  await first.close();
  const second = await startServer({ dataDirectory, adminPassword: "another" });
  assert.deepEqual(
    [second.administrator.kind, "matches" in second.administrator && second.administrator.matches],
    ["found", false],
  );
  assert.equal(
    (await fetch(`${second.url}/api/session`, { headers: { "vmware-api-session-id": id } })).status,
    200,
  );
  assert.equal((await loginAt(second, basic("another"))).status, 401);
  assert.equal((await loginAt(second, basic(PASSWORD))).status, 201);
  assert.deepEqual(readFileSync(join(dataDirectory, "endpoint.key")), key);
  await second.close();
  const third = await startServer({ dataDirectory, adminPassword: PASSWORD });
  assert.equal("matches" in third.administrator && third.administrator.matches, true);
  await third.close();
});

test("a later start writes no profile: what was revoked since stays revoked", async () => {
  const dataDirectory = join(folder, "revoked");
  const profileFile = join(folder, "revoked.json");
  const first = await startServer({ dataDirectory, adminPassword: PASSWORD, profileFile });
  const written = readFileSync(profileFile, "utf8");
  const { profiles } = JSON.parse(written) as { profiles: { default: { token: string } } };
  const byToken = { authorization: `Bearer ${profiles.default.token}` };
  const login = await loginAt(first, byToken);
  const headers = { "vmware-api-session-id": (await login.json()) as string };
  const tokens = `${first.url}/api/contentlib/tokens`;
  const [token] = (await (await fetch(tokens, { headers })).json()) as { token_id: string }[];
  const revoked = await fetch(`${tokens}/${token?.token_id ?? ""}`, { method: "DELETE", headers });
  assert.equal(revoked.status, 204);
  await first.close();
  for (const path of [profileFile, join(folder, "another.json")]) {
    const later = await startServer({ dataDirectory, profileFile: path });
    assert.equal(later.profile, null);
    assert.equal((await loginAt(later, byToken)).status, 401);
    await later.close();
  }
  assert.equal(readFileSync(profileFile, "utf8"), written);
  assert.equal(existsSync(join(folder, "another.json")), false);
});

test("a made-up password is told before it counts, once", async () => {
  const dataDirectory = join(folder, "made-up");
  const told: string[] = [];
  const first = await startServer({
    dataDirectory,
    tellPassword: (password) => told.push(password),
  });
  assert.match(told[0] ?? "", /^[0-9a-f]{6}(-[0-9a-f]{6}){3}$/);
  assert.equal((await loginAt(first, basic(told[0] ?? ""))).status, 201);
  await first.close();
  const second = await startServer({
    dataDirectory,
    tellPassword: (password) => told.push(password),
  });
  await second.close();
  assert.equal(told.length, 1);
});

test("a password that can not be told is never kept", async () => {
  const dataDirectory = join(folder, "untold");
  const tellPassword = (): void => {
    throw new Error("no room");
  };
  await assert.rejects(startServer({ dataDirectory, tellPassword }), /no room/);
  const second = await startServer({ dataDirectory, adminPassword: PASSWORD });
  assert.equal(second.administrator.kind, "created");
  await second.close();
});

test("what the operator can mend is one line: directory in use, made by a newer version, busy port, foreign address", async () => {
  const dataDirectory = join(folder, "mend");
  const server = await startServer({ dataDirectory, adminPassword: PASSWORD });
  assert.match(await startErrorOf({ dataDirectory }), /in use by another server/);
  await server.close();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as AddressInfo;
  const listen = { host: "127.0.0.1", port };
  assert.match(
    await startErrorOf({ dataDirectory, listen }),
    new RegExp(`Another program listens on 127.0.0.1:${port}`),
  );
  const told: unknown[] = [];
  const first = join(folder, "first");
  await startErrorOf({
    dataDirectory: first,
    listen,
    tellPassword: (password) => void told.push(password),
  });
  assert.deepEqual(told, []);
  taken.close();
  assert.match(
    await startErrorOf({ dataDirectory, listen: { host: "192.0.2.1", port: 0 } }),
    /This machine has no address 192.0.2.1/,
  );
  const catalog = new DatabaseSync(join(dataDirectory, "catalog.sqlite"));
  catalog.exec("PRAGMA user_version = 9999");
  catalog.close();
  assert.match(
    await startErrorOf({ dataDirectory }),
    /made by a newer version of contentlib .*: update contentlib, or choose/,
  );
});

test("the settings of the network reach the wire: proxies, origins and the number of connections", async () => {
  const lines: string[] = [];
  const server = await startServer({
    dataDirectory: null,
    adminPassword: PASSWORD,
    trustedProxies: ["127.0.0.0/8"],
    corsOrigins: ["https://ci.example"],
    connectionsMax: 2,
    journal: new PinoJournal("info", { write: (line) => void lines.push(line) }),
  });
  const headers = { "x-forwarded-for": "192.0.2.7", origin: "https://ci.example", ...basic("no") };
  const refused = await loginAt(server, { ...headers, connection: "close" });
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get("access-control-allow-origin"), "https://ci.example");
  assert.match(lines.find((line) => line.includes("login.refused")) ?? "", /"192\.0\.2\.7"/);
  const port = Number(new URL(server.url).port);
  const asking = [0, 1, 2].map(() => connect(port, "127.0.0.1"));
  for (const socket of asking) socket.on("error", () => undefined);
  const answer = await new Promise((resolve) => {
    for (const socket of asking) {
      socket.once("data", (text: Buffer) => resolve(text.toString("latin1")));
      socket.write("POST /api/session HTTP/1.1\r\n");
    }
    asking.at(-1)?.write("Host: x\r\n\r\n");
  });
  assert.match(String(answer), /^HTTP\/1\.1 503 /);
  for (const socket of asking) socket.destroy();
  await server.close();
});

test("a stop lets the answer under way finish, tells its client that it is the last, and ends idle connections", async () => {
  const server = await startServer({ dataDirectory: null, adminPassword: PASSWORD });
  const port = Number(new URL(server.url).port);
  const busy = connect(port, "127.0.0.1");
  const idle = connect(port, "127.0.0.1");
  const received: string[] = [];
  busy.setEncoding("latin1").on("data", (text: string) => received.push(text));
  await new Promise((resolve) => idle.on("connect", resolve));
  const body = '{"ignored": true}';
  const { authorization } = basic(PASSWORD);
  const invited = new Promise((resolve) => busy.once("data", resolve));
  busy.write(
    `POST /api/session HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  await invited;
  const closing = server.close();
  const ended = Promise.all(
    [busy, idle].map(async (socket) => await new Promise((resolve) => socket.on("close", resolve))),
  );
  busy.write(body);
  await closing;
  await ended;
  assert.match(received.join(""), /HTTP\/1\.1 201 Created\r\n(?:.*\r\n)*?Connection: close\r\n/i);
});
