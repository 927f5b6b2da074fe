import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { WireRig } from "@contentlib/testkit/rigs/wire-rig";

let rig: WireRig;
let login: string;
before(async () => {
  rig = await WireRig.open();
  login = `vmware-api-session-id: ${await rig.loginId()}\r\n`;
});
after(async () => await rig.close());

const HOST = "Host: x\r\n";
const LAST = "GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
const statusesIn = (told: string): string[] =>
  [...told.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status = ""]) => status);

/** The statuses of everything that is answered to a text and one more request behind it. */
const statusesOf = async (text: string): Promise<string[]> =>
  statusesIn(await rig.raw(`${text}${LAST}`));

const CREATE = `POST /api/session HTTP/1.1\r\n${HOST}`;

test("a head that is too long is 431, by one header, by many, by its name or its address", async () => {
  const heads = [
    `X: ${"y".repeat(17_000)}\r\n`,
    `${"y".repeat(17_000)}: x\r\n`,
    Array.from({ length: 4000 }, (_, at) => `X-${at}: y\r\n`).join(""),
    "a:\r\n".repeat(20_000),
    `Cookie: ${"a=b; ".repeat(4000)}\r\n`,
  ];
  for (const head of heads)
    assert.deepEqual(await statusesOf(`GET /healthz HTTP/1.1\r\n${HOST}${head}\r\n`), ["431"]);
  assert.deepEqual(await statusesOf(`GET /${"y".repeat(17_000)} HTTP/1.1\r\n${HOST}\r\n`), ["431"]);
});

test("of many headers in a head that is short enough none is left out", async () => {
  const head = "a:\r\n".repeat(3000);
  const text = `GET /api/content/local-library HTTP/1.1\r\n${HOST}${head}${login}\r\n`;
  assert.deepEqual(await statusesOf(text), ["200", "200"]);
});

test("what two servers could read in two ways is refused, and nothing behind it is read", async () => {
  const heads = [
    "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    "Content-Length: 5\r\nContent-Length: 6\r\n",
    "Content-Length: 5\r\nContent-Length: 5\r\n",
    "Content-Length: 5, 5\r\n",
    "Content-Length: +5\r\n",
    "Content-Length: 0x5\r\n",
    "Content-Length: 99999999999999999999\r\n",
    "Transfer-Encoding: chunked, identity\r\n",
    "Transfer-Encoding: xchunked\r\n",
    "Transfer-Encoding : chunked\r\n",
    "X: y\r\n continued: z\r\nContent-Length: 5\r\n",
    "X: y\n\rContent-Length: 5\r\n",
    "X: a\rContent-Length: 5\r\n",
    "X: a\0b\r\n",
    ": nameless\r\n",
    "no colon\r\n",
  ];
  for (const head of heads) {
    const statuses = await statusesOf(`${CREATE}${head}\r\n0\r\n\r\n`);
    assert.ok(["", "400"].includes(statuses.join()), JSON.stringify([head, statuses]));
  }
});

test("chunks have a form, and what is written beside their lengths is bounded", async () => {
  const head = `POST /api/session HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`;
  assert.deepEqual(await statusesOf(`${head}2;name=value\r\n{}\r\n0\r\n\r\n`), ["401", "200"]);
  assert.deepEqual(await statusesOf(`${head}2\r\n{}\r\n0\r\nTrailer: x\r\n\r\n`), ["401", "200"]);
  for (const body of [
    `2;${"x".repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
    "fffffffffffffffff\r\n{}\r\n",
    "-2\r\n{}\r\n0\r\n\r\n",
    "2\r\n{}x\r\n0\r\n\r\n",
    "2\n{}\n0\n\n",
    `2\r\n{}\r\n0\r\nX: ${"y".repeat(20_000)}\r\n\r\n`,
  ]) {
    const statuses = await statusesOf(head + body);
    const told = statuses.join();
    assert.ok(["", "400", "413", "431"].includes(told), JSON.stringify([body.slice(0, 40), told]));
  }
});

test("an address with scheme and host is its path, and other forms are no operation", async () => {
  const absolute = `GET http://elsewhere.example/healthz HTTP/1.1\r\n${HOST}\r\n`;
  assert.deepEqual(await statusesOf(absolute), ["200", "200"]);
  assert.deepEqual(await statusesOf(`OPTIONS * HTTP/1.1\r\n${HOST}\r\n`), ["404", "200"]);
  for (const target of ["elsewhere.example:443", "healthz", "//healthz", "ftp://x/healthz"]) {
    const [status = "", ...more] = await statusesOf(`GET ${target} HTTP/1.1\r\n${HOST}\r\n`);
    assert.match(status, /^40[04]$/, target);
    assert.deepEqual(more, status === "400" ? [] : ["200"], target);
  }
});

test("CONNECT is refused, and opens no way to anywhere", async () => {
  const told = await rig.raw(`CONNECT 127.0.0.1:${rig.port} HTTP/1.1\r\n${HOST}\r\n${LAST}`);
  assert.deepEqual(statusesIn(told), ["405"]);
  assert.match(told, /\r\nx-request-id: request-\d+\r\n/);
  assert.match(told, /\r\nConnection: close\r\n/);
  const authority = await rig.raw(`CONNECT /api/session HTTP/1.1\r\n${HOST}\r\n`);
  assert.match(authority, /^HTTP\/1\.1 40[05] /);
});

test("a wish for another protocol is not granted: the request is answered, and the connection ends", async () => {
  for (const wish of [
    "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n",
  ]) {
    const statuses = await statusesOf(`GET /healthz HTTP/1.1\r\n${HOST}${wish}\r\n`);
    assert.deepEqual(statuses, ["200"], wish);
  }
  // The beginning of HTTP/2 by a client that asks nobody.
  const [status, ...more] = await statusesOf("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  assert.deepEqual([status, more], ["400", []]);
});

test("requests that come all at once are answered in their order, the slow before the quick", async () => {
  const body = '{"name":"piped"}';
  const told = await rig.raw(
    [
      `POST /api/content/local-library HTTP/1.1\r\n${HOST}${login}Content-Length: ${body.length}\r\n\r\n${body}`,
      `GET /healthz HTTP/1.1\r\n${HOST}\r\n`,
      `GET /nowhere HTTP/1.1\r\n${HOST}\r\n`,
      `GET /api/content/local-library HTTP/1.1\r\n${HOST}${login}\r\n`,
      LAST,
    ].join(""),
  );
  assert.deepEqual(statusesIn(told), ["201", "200", "404", "200", "200"]);
});

test("a request that is malformed behind good ones costs none of their answers its order", async () => {
  const told = await rig.raw(
    `GET /healthz HTTP/1.1\r\n${HOST}\r\nGET /healthz HTTP/1.1\r\n${HOST}\r\nGARBAGE\r\n\r\n`,
  );
  const statuses = statusesIn(told);
  assert.ok(["", "200", "200,200", "200,200,400"].includes(statuses.join(",")), told);
  assert.equal((await rig.ask("GET", "/healthz")).status, 200);
});
