import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import { after, before, test } from "node:test";
import { TransferRig } from "@contentlib/testkit/rigs/transfer-rig";
import { basic, RIG_PASSWORD, rpcBody, WireRig } from "@contentlib/testkit/rigs/wire-rig";

const ORIGIN = "https://ci.example";
const corsOrigins = [ORIGIN, "http://localhost:8080"];
const LIBRARIES = "/api/content/local-library";
const ADMINISTRATOR = basic("administrator", RIG_PASSWORD);

let rig: TransferRig;
before(async () => {
  rig = await TransferRig.open({ corsOrigins });
});
after(async () => await rig.wire.close());

/** What is said to browsers about other origins. */
const corsOf = (headers: IncomingHttpHeaders): string[] =>
  Object.keys(headers).filter((name) => name.startsWith("access-control-"));

const preflight = (method: string, headers = "authorization"): Record<string, string> => ({
  origin: ORIGIN,
  "access-control-request-method": method,
  "access-control-request-headers": headers,
});

const listIn = (header: string | undefined): string[] =>
  (header ?? "").split(",").map((each) => each.trim().toLowerCase());

test("a preflight is answered 204 on every road of the API, without a login", async () => {
  const paths = [
    "/api/session",
    "/api",
    "/rest/com/vmware/cis/session",
    "/api/contentlib/events",
    "/cls/data/anything/a.iso",
  ];
  for (const path of paths) {
    const told = await rig.wire.ask("OPTIONS", path, { headers: preflight("PATCH") });
    assert.equal(told.status, 204, path);
    assert.equal(told.text, "");
    const { headers } = told;
    assert.equal(headers["access-control-allow-origin"], ORIGIN);
    assert.equal(headers["access-control-allow-credentials"], undefined);
    assert.deepEqual(listIn(headers["access-control-allow-methods"]), [
      "get",
      "head",
      "put",
      "post",
      "patch",
      "delete",
    ]);
    const allowed = listIn(headers["access-control-allow-headers"]);
    for (const name of [
      "authorization",
      "content-type",
      "vmware-api-session-id",
      "range",
      "content-range",
      "if-match",
      "last-event-id",
      "tus-resumable",
      "upload-offset",
      "upload-complete",
      "upload-draft-interop-version",
    ])
      assert.ok(allowed.includes(name), name);
    assert.ok(!allowed.includes("cookie"));
    assert.ok(Number(headers["access-control-max-age"]) > 0);
    assert.equal(headers["vary"], "Origin");
    assert.match(String(headers["x-request-id"]), /^request-/);
  }
});

test("a preflight has no body to wait for, and the connection goes on", async () => {
  const told = await rig.wire.raw(
    `OPTIONS /api/session HTTP/1.1\r\nHost: x\r\nOrigin: ${ORIGIN}\r\nAccess-Control-Request-Method: GET\r\n\r\n` +
      "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
  );
  assert.match(told, /^HTTP\/1\.1 204 [^{]*HTTP\/1\.1 200 /);
});

test("answers and errors of every road can be read by an origin on the list", async () => {
  const { wire } = rig;
  const { path, downloadId } = await rig.publish("a.iso", "content");
  assert.notEqual(downloadId, "");
  const login = { "vmware-api-session-id": await wire.loginId() };
  const json = { "content-type": "application/json" };
  const cases: readonly (readonly [
    number,
    string,
    string,
    { readonly headers?: Record<string, string>; readonly body?: string },
  ])[] = [
    [201, "POST", "/api/session", { headers: ADMINISTRATOR }],
    [200, "GET", LIBRARIES, { headers: login }],
    [401, "GET", LIBRARIES, {}],
    [400, "POST", LIBRARIES, { headers: { ...login, ...json }, body: "{" }],
    [404, "GET", `${LIBRARIES}/nothing`, { headers: login }],
    [404, "GET", "/api/nowhere", {}],
    [405, "DELETE", LIBRARIES, { headers: login }],
    [404, "GET", "/rest/nowhere", {}],
    [401, "GET", "/rest/com/vmware/content/library", {}],
    [200, "POST", "/api", { headers: json, body: JSON.stringify(rpcBody("a.b", {})) }],
    [405, "GET", "/api", {}],
    [200, "GET", path, {}],
    [206, "GET", path, { headers: { range: "bytes=1-2" } }],
    [416, "GET", path, { headers: { range: "bytes=99-" } }],
    [405, "PUT", path, { body: "x" }],
    [404, "GET", "/cls/data/unknown/a.iso", {}],
    [404, "PUT", "/cls/data/unknown/a.iso", { body: "x" }],
  ];
  for (const [status, method, address, { headers = {}, body }] of cases) {
    const told = await wire.ask(method, address, {
      headers: { ...headers, origin: ORIGIN },
      ...(body === undefined ? {} : { body }),
    });
    const shown = `${method} ${address}`;
    assert.equal(told.status, status, `${shown}: ${told.text}`);
    assert.equal(told.headers["access-control-allow-origin"], ORIGIN, shown);
    assert.equal(told.headers["vary"], "Origin", shown);
    const exposed = listIn(told.headers["access-control-expose-headers"]);
    for (const name of ["vmware-api-session-id", "x-request-id", "etag", "content-range"])
      assert.ok(exposed.includes(name), `${shown}: ${name}`);
    assert.equal(told.headers["access-control-allow-credentials"], undefined);
  }
});

test("a failure of the server can be read as well", async () => {
  const broken = await WireRig.open({ corsOrigins }, (app) => ({
    ...app,
    handlers: {
      ...app.handlers,
      "localLibrary.list": async () => await Promise.reject(new Error("a bug")),
    },
  }));
  const told = await broken.ask("GET", LIBRARIES, {
    headers: { origin: ORIGIN, "vmware-api-session-id": await broken.loginId() },
  });
  assert.equal(told.status, 500);
  assert.equal(told.headers["access-control-allow-origin"], ORIGIN);
  await broken.close();
});

test("a stream of events can be read by an origin on the list", async () => {
  const { wire } = rig;
  const stream = wire.connect();
  await stream.send(
    `GET /api/contentlib/events?update_session_id=${rig.sessionId} HTTP/1.1\r\nHost: x\r\nOrigin: ${ORIGIN}\r\nvmware-api-session-id: ${await wire.loginId()}\r\n\r\n`,
  );
  const head = await stream.until(/text\/event-stream[^]*\r\n\r\n/);
  assert.match(head, new RegExp(`\r\nAccess-Control-Allow-Origin: ${ORIGIN}\r\n`, "i"));
  assert.match(head, /\r\nVary: Origin\r\n/i);
  stream.destroy();
});

test("an origin that is not on the list is told nothing, and the request is otherwise as ever", async () => {
  const login = { "vmware-api-session-id": await rig.wire.loginId() };
  for (const origin of [
    "https://evil.example",
    "null",
    "https://ci.example.evil",
    "https://ci.example:444",
    "http://ci.example",
    "https://CI.example",
    `https://ci.example,${ORIGIN}`,
    "x".repeat(2000),
  ]) {
    const told = await rig.wire.ask("GET", LIBRARIES, { headers: { ...login, origin } });
    assert.equal(told.status, 200);
    assert.deepEqual(corsOf(told.headers), [], origin);
    assert.equal(told.headers["vary"], "Origin");
    const asked = await rig.wire.ask("OPTIONS", LIBRARIES, {
      headers: { ...preflight("GET"), origin },
    });
    assert.equal(asked.status, 405);
    assert.deepEqual(corsOf(asked.headers), [], origin);
  }
});

test("a request without an origin is answered for all caches alike, and OPTIONS without a question is no preflight", async () => {
  const plain = await rig.wire.call("GET", LIBRARIES);
  assert.deepEqual(corsOf(plain.headers), []);
  assert.equal(plain.headers["vary"], "Origin");
  const options = await rig.wire.ask("OPTIONS", LIBRARIES, { headers: { origin: ORIGIN } });
  assert.equal(options.status, 405);
});

test("a cookie proves nothing for a page of another origin, on the list or not", async () => {
  const cookie = `vmware-api-session-id=${await rig.wire.loginId()}`;
  for (const origin of [ORIGIN, "https://evil.example"]) {
    const told = await rig.wire.ask("POST", LIBRARIES, {
      headers: { cookie, origin, "content-type": "application/json" },
      body: '{"name":"by-cookie"}',
    });
    assert.equal(told.status, 403, told.text);
  }
});

test("where no origins are named, no answer speaks of any", async () => {
  const closed = await WireRig.open();
  const login = { "vmware-api-session-id": await closed.loginId() };
  const told = await closed.ask("GET", LIBRARIES, { headers: { ...login, origin: ORIGIN } });
  assert.equal(told.status, 200);
  assert.deepEqual([corsOf(told.headers), told.headers["vary"]], [[], undefined]);
  const asked = await closed.ask("OPTIONS", LIBRARIES, { headers: preflight("GET") });
  assert.equal(asked.status, 405);
  assert.deepEqual(corsOf(asked.headers), []);
  await closed.close();
});

test("an origin is named as browsers spell it, whatever its case or slash", async () => {
  const other = await WireRig.open({ corsOrigins: ["HTTPS://CI.example:443/"] });
  const told = await other.ask("GET", LIBRARIES, { headers: { origin: ORIGIN } });
  assert.equal(told.headers["access-control-allow-origin"], ORIGIN);
  await other.close();
  await assert.rejects(WireRig.open({ corsOrigins: ["ci.example"] }));
});
