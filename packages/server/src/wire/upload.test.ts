import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { faultOf } from "@contentlib/contract/vocabulary";
import { TransferRig } from "@contentlib/testkit/rigs/transfer-rig";
import { Fault } from "../app/fault.ts";
import { UPLOAD_PACE, UPLOAD_STALL_TIMEOUT_MS } from "./byte-endpoints.ts";
import { LINGER_MS } from "./linger.ts";

let rig: TransferRig;
beforeEach(async () => {
  rig = await TransferRig.open();
});
afterEach(async () => await rig.close());

const messageOf = (json: unknown): string =>
  (json as { messages: { default_message: string }[] }).messages[0]?.default_message ?? "";

/** Lets the server's own events run until something holds. */
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
};

test("PUT and POST mean the same, need no login, and answer 200 with an empty body", async () => {
  const path = await rig.add("a.iso");
  for (const [method, isChunked] of [
    ["PUT", false],
    ["POST", false],
    ["PUT", true],
    ["POST", true],
  ] as const) {
    const content = `${method} ${isChunked}`;
    const told = await rig.wire.ask(method, path, {
      body: content,
      isChunked,
      headers: { "vmware-api-session-id": "wrong" },
    });
    assert.deepEqual(
      [told.status, told.text, told.headers["content-length"], told.headers["content-type"]],
      [200, "", "0", undefined],
    );
    const file = await rig.file("a.iso");
    assert.deepEqual([file.status, file.size], ["READY", content.length]);
  }
  const empty = await rig.wire.ask("PUT", path, { body: "" });
  assert.equal(empty.status, 200);
  assert.equal((await rig.file("a.iso")).size, 0);
});

test("the name at the end of the address is decoration, and so is a query", async () => {
  const path = await rig.add("a b%#?ü.iso");
  assert.equal((await rig.wire.ask("PUT", path, { body: "x" })).status, 200);
  const segment = path.split("/")[3] ?? "";
  assert.equal((await rig.wire.ask("PUT", `/cls/data/${segment}`, { body: "xy" })).status, 200);
  assert.equal(
    (await rig.wire.ask("PUT", `/cls/data/${segment}/%zz?a=b`, { body: "xyz" })).status,
    200,
  );
  assert.equal((await rig.file("a b%#?ü.iso")).size, 3);
});

test("a client that asks for leave gets it once nothing speaks against the upload", async () => {
  const path = await rig.add("a.iso", { size: 5 });
  const connection = rig.wire.connect();
  await connection.send(
    `PUT ${path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n`,
  );
  await connection.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
  await connection.send("hello");
  assert.match(await connection.closed(), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
  assert.equal((await rig.file("a.iso")).status, "READY");
});

test("a client that asks for leave in vain gets the final answer before it sends a byte", async () => {
  const path = await rig.add("a.iso", { size: 5 });
  const cases: [string, string, number][] = [
    [path, "Content-Length: 6\r\n", 400],
    [path, "Content-Length: 5\r\nContent-Range: bytes 1-5/6\r\n", 400],
    [path, "Content-Length: 5\r\nContent-Encoding: gzip\r\n", 415],
    ["/cls/data/unknown/a.iso", "Content-Length: 5\r\n", 404],
  ];
  for (const [address, headers, status] of cases) {
    const connection = rig.wire.connect();
    await connection.send(
      `PUT ${address} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n${headers}\r\n`,
    );
    const told = await connection.until(/\r\n\r\n\{.*\}$/);
    assert.match(told, new RegExp(`^HTTP/1\\.1 ${status} `));
    assert.match(told, /\r\nConnection: close\r\n/i);
    connection.destroy();
  }
});

test("a length that can not be right is refused at once, readable by a client that goes on sending, and the file is ERROR", async () => {
  const path = await rig.add("a.iso", { size: 5 });
  const connection = rig.wire.connect();
  await connection.send(`PUT ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\n`);
  await connection.send(Buffer.alloc(8_000_000));
  const told = await connection.until(/\r\n\r\n\{.*\}$/);
  assert.match(told, /^HTTP\/1\.1 400 /);
  assert.match(told, /declared with 5 bytes, but 50000000 were announced/);
  await connection.send(Buffer.alloc(8_000_000));
  await rig.wire.clock.advance(LINGER_MS);
  await connection.closed();
  const file = await rig.file("a.iso");
  assert.equal(file.status, "ERROR");
  assert.match(
    file.error_message?.default_message ?? "",
    /declared with 5 bytes, but 50000000 were announced/,
  );
  assert.equal((await rig.wire.ask("PUT", path, { body: "hello" })).status, 200);
});

test("an encoded body is not undone but refused; identity is none", async () => {
  const path = await rig.add("a.iso");
  assert.equal(
    (await rig.wire.ask("PUT", path, { body: "x", headers: { "content-encoding": "gzip" } }))
      .status,
    415,
  );
  assert.equal(
    (await rig.wire.ask("PUT", path, { body: "x", headers: { "content-encoding": "Identity" } }))
      .status,
    200,
  );
});

test("a wrong checksum is 400 with both values, and the file can be sent again", async () => {
  const checksum = "b13d00f461bacf2559050aec375daca6fbec5436";
  const path = await rig.add("a.iso", { checksum_info: { checksum } });
  const told = await rig.wire.ask("PUT", path, { body: "hello isO\n" });
  assert.equal(told.status, 400);
  assert.equal((told.json as { error_type: string }).error_type, "INVALID_ARGUMENT");
  assert.match(messageOf(told.json), new RegExp(`${checksum}.*[0-9a-f]{40}`));
  assert.equal((await rig.wire.ask("PUT", path, { body: "hello iso\n" })).status, 200);
});

test("one multipart file part is stored without its envelope; more than one is 400", async () => {
  const path = await rig.add("a.iso", { size: 7 });
  const part =
    '--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\ncontent\r\n';
  const headers = { "content-type": "multipart/form-data; boundary=b" };
  const told = await rig.wire.ask("POST", path, { headers, body: `${part}--b--\r\n` });
  assert.equal(told.status, 200, told.text);
  assert.equal((await rig.file("a.iso")).size, 7);
  const twice = await rig.wire.ask("POST", path, { headers, body: `${part}${part}--b--\r\n` });
  assert.equal(twice.status, 400);
  assert.match(messageOf(twice.json), /more than one part/);
  assert.notEqual((await rig.file("a.iso")).status, "READY");
  const nameless = await rig.wire.ask("POST", path, {
    headers: { "content-type": "multipart/form-data" },
    body: part,
  });
  assert.match(messageOf(nameless.json), /no multipart boundary/);
  assert.equal(
    (await rig.wire.ask("PUT", path, { headers: { "content-type": "text/ovf" }, body: "rawbody" }))
      .status,
    200,
  );
});

test("a strict server takes the file itself only", async () => {
  const strict = await TransferRig.open({ isStrict: true });
  const headers = { "content-type": "multipart/form-data; boundary=b" };
  assert.equal(
    (await strict.wire.ask("POST", await strict.add("a"), { headers, body: "--b--" })).status,
    400,
  );
  await strict.close();
});

test("HEAD of an upload endpoint is 200; other methods are 405 with Allow; made-up addresses are 404", async () => {
  const path = await rig.add("a.iso");
  const head = await rig.wire.ask("HEAD", path);
  assert.deepEqual([head.status, head.text], [200, ""]);
  for (const method of ["GET", "PROPFIND"]) {
    const told = await rig.wire.ask(method, path);
    const allow = "PUT, POST, HEAD, PATCH, DELETE, OPTIONS";
    assert.deepEqual([told.status, told.headers.allow], [405, allow], method);
  }
  for (const made of [
    "/cls/data/",
    "/cls/data//a.iso",
    "/cls/data/x",
    `/cls/data/${"A".repeat(71)}/a.iso`,
    `${path.slice(0, 40)}/a.iso`,
  ]) {
    for (const method of ["GET", "PUT", "HEAD", "PATCH", "DELETE", "OPTIONS"])
      assert.equal((await rig.wire.ask(method, made)).status, 404, made);
  }
});

test("a newer writer of the same file cuts the older one, whose client can read why", async () => {
  const path = await rig.add("a.iso");
  const older = rig.wire.connect();
  await older.send(`PUT ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nfirst bytes`);
  await until(async () => (await rig.file("a.iso")).bytes_transferred > 0);
  assert.equal((await rig.wire.ask("PUT", path, { body: "newer" })).status, 200);
  const told = await older.until(/\r\n\r\n\{.*\}$/);
  assert.match(told, /^HTTP\/1\.1 409 /);
  assert.match(told, /superseded by a newer writer/);
  older.destroy();
  assert.equal((await rig.file("a.iso")).size, 5);
});

test("when the session ends its running transfer is cut with 409, and the address is dead", async () => {
  const path = await rig.add("a.iso");
  const connection = rig.wire.connect();
  await connection.send(
    `PUT ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`,
  );
  await until(async () => (await rig.file("a.iso")).bytes_transferred > 0);
  assert.equal((await rig.act("cancel")).status, 204);
  assert.match(await connection.until(/\r\n\r\n\{.*\}$/), /^HTTP\/1\.1 409 .*/);
  connection.destroy();
  const dead = await rig.wire.ask("PUT", path, { body: "x" });
  assert.equal(dead.status, 409);
  assert.equal((dead.json as { error_type: string }).error_type, "NOT_ALLOWED_IN_CURRENT_STATE");
  assert.equal((await rig.wire.ask("HEAD", path)).status, 409);
});

test("a client that vanishes leaves the file waiting and the session ACTIVE", async () => {
  const path = await rig.add("a.iso");
  const connection = rig.wire.connect();
  await connection.send(
    `PUT ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nfirst bytes`,
  );
  await until(async () => (await rig.file("a.iso")).status === "TRANSFERRING");
  connection.destroy();
  await until(async () => (await rig.file("a.iso")).status !== "TRANSFERRING");
  assert.equal((await rig.file("a.iso")).status, "WAITING_FOR_TRANSFER");
  assert.equal(await rig.sessionState(), "ACTIVE");
  assert.equal((await rig.wire.ask("PUT", path, { body: "again" })).status, 200);
});

test("a client that falls silent is cut after the stall timeout, and not before", async () => {
  const path = await rig.add("a.iso");
  const connection = rig.wire.connect();
  await connection.send(`PUT ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nfirst`);
  await until(async () => (await rig.file("a.iso")).bytes_transferred === 5);
  await rig.wire.clock.advance(UPLOAD_STALL_TIMEOUT_MS - 5000);
  await connection.send(" more");
  await until(async () => (await rig.file("a.iso")).bytes_transferred === 10);
  await rig.wire.clock.advance(UPLOAD_STALL_TIMEOUT_MS - 5000);
  assert.equal(connection.received, "");
  await rig.wire.clock.advance(10_000);
  const told = await connection.until(/\r\n\r\n\{.*\}$/);
  assert.match(told, /^HTTP\/1\.1 408 /);
  assert.match(told, /broke off; 10 bytes are here/);
  await rig.wire.clock.advance(LINGER_MS);
  await connection.closed();
  assert.equal((await rig.file("a.iso")).status, "WAITING_FOR_TRANSFER");
});

test("a byte now and then does not hold an upload for ever, and a slow one that gets on is no trickle", async () => {
  const { wire } = rig;
  const trickle = wire.connect();
  const slow = wire.connect();
  const path = await rig.add("a.iso");
  await trickle.send(`PUT ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n`);
  await slow.send(
    `PUT ${await rig.add("b.iso")} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n`,
  );
  const stepMs = UPLOAD_STALL_TIMEOUT_MS - 10_000;
  const piece = "x".repeat(UPLOAD_PACE.bytes / 4);
  let passedMs = 0;
  for (let sent = 1; passedMs < UPLOAD_PACE.periodMs - stepMs; sent += 1) {
    await trickle.send("x");
    await slow.send(piece);
    await until(async () => (await rig.file("a.iso")).bytes_transferred === sent);
    await until(async () => (await rig.file("b.iso")).bytes_transferred === sent * piece.length);
    await wire.clock.advance(stepMs);
    passedMs += stepMs;
  }
  assert.equal(trickle.received, "");
  await trickle.send("x");
  await slow.send(piece);
  await wire.clock.advance(stepMs + 5000);
  assert.match(await trickle.until(/\r\n\r\n\{.*\}$/), /^HTTP\/1\.1 408 /);
  assert.equal(slow.received, "");
  trickle.destroy();
  slow.destroy();
});

test("a full storage is 507", async () => {
  const full = await TransferRig.open({}, (app) => ({
    ...app,
    transfers: {
      ...app.transfers,
      openUpload: async () => ({
        fileName: "a.iso",
        receive: () => Promise.reject(new Fault(faultOf("server.storage_full", "file a.iso"))),
        close: () => undefined,
      }),
    },
  }));
  const told = await full.wire.ask("PUT", await full.add("a.iso"), { body: "x" });
  assert.equal(told.status, 507);
  assert.match(messageOf(told.json), /no room left for file a\.iso/);
  await full.close();
});

test("a failure of the server is 500 with the request id, and no address is ever logged", async () => {
  const broken = await TransferRig.open({}, (app) => ({
    ...app,
    transfers: { ...app.transfers, openUpload: () => Promise.reject(new Error("inner detail")) },
  }));
  const path = await broken.add("secret name.iso");
  const told = await broken.wire.ask("PUT", path, { body: "x" });
  assert.equal(told.status, 500);
  assert.match(messageOf(told.json), new RegExp(String(told.headers["x-request-id"])));
  assert.equal(told.text.includes("inner detail"), false);
  const segment = path.split("/")[3] ?? "";
  assert.ok(segment.length > 40);
  assert.ok(broken.wire.logLines.some((line) => line.includes("inner detail")));
  assert.equal(
    broken.wire.logLines.some((line) => line.includes(segment)),
    false,
  );
  await broken.close();
});
