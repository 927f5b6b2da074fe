import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { TransferRig } from "@contentlib/testkit/rigs/transfer-rig";
import { someBytes } from "@contentlib/testkit/bytes/byte-sources";
import { DOWNLOAD_STALL_TIMEOUT_MS } from "./download.ts";

const NAME = 'dé "b" iso.img';
const CONTENT = "0123456789";
const ETAG = `"sha256-${createHash("sha256").update(CONTENT).digest("hex")}"`;

let rig: TransferRig;
let path = "";
before(async () => {
  rig = await TransferRig.open();
  path = (await rig.publish(NAME, CONTENT)).path;
});
after(async () => await rig.close());

test("a file comes whole, without a login, under headers that keep browsers from running it", async () => {
  const told = await rig.wire.ask("GET", path);
  assert.equal(told.status, 200);
  assert.equal(told.text, CONTENT);
  const expected = {
    "content-type": "application/octet-stream",
    "content-length": "10",
    "content-disposition": `attachment; filename="d_ _b_ iso.img"; filename*=UTF-8''d%C3%A9%20%22b%22%20iso.img`,
    etag: ETAG,
    "accept-ranges": "bytes",
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'",
    "referrer-policy": "no-referrer",
    "cache-control": "private",
  };
  for (const [name, value] of Object.entries(expected))
    assert.equal(told.headers[name], value, name);
  assert.match(String(told.headers["x-request-id"]), /^request-/);
});

test("HEAD says the same of the file and sends none of it", async () => {
  const told = await rig.wire.ask("HEAD", path, { headers: { range: "bytes=0-1" } });
  assert.deepEqual(
    [told.status, told.text, told.headers["content-length"], told.headers.etag],
    [200, "", "10", ETAG],
  );
});

test("one range is 206, several are the whole, one past the end is 416", async () => {
  const parts: [string, string, string][] = [
    ["bytes=0-3", "0123", "bytes 0-3/10"],
    ["bytes=4-", "456789", "bytes 4-9/10"],
    ["bytes=-3", "789", "bytes 7-9/10"],
    ["bytes=-99", CONTENT, "bytes 0-9/10"],
    ["bytes=9-99", "9", "bytes 9-9/10"],
  ];
  for (const [range, text, contentRange] of parts) {
    const told = await rig.wire.ask("GET", path, { headers: { range } });
    assert.deepEqual(
      [told.status, told.text, told.headers["content-range"], told.headers["content-length"]],
      [206, text, contentRange, String(text.length)],
    );
  }
  for (const range of ["bytes=0-1,4-5", "bytes=5-2", "lines=1-2", "bytes=-", "bytes=a-b"]) {
    const told = await rig.wire.ask("GET", path, { headers: { range } });
    assert.deepEqual([told.status, told.text], [200, CONTENT], range);
  }
  for (const range of ["bytes=10-", "bytes=10-20", "bytes=-0"]) {
    const told = await rig.wire.ask("GET", path, { headers: { range } });
    assert.deepEqual(
      [told.status, told.text, told.headers["content-range"]],
      [416, "", "bytes */10"],
      range,
    );
  }
});

test("conditions compare the digest: 304, 412, and a range only for exactly these bytes", async () => {
  const statusWith = async (headers: Record<string, string>): Promise<number> =>
    (await rig.wire.ask("GET", path, { headers })).status;
  assert.equal(await statusWith({ "if-none-match": ETAG }), 304);
  assert.equal(await statusWith({ "if-none-match": `"x", W/${ETAG}` }), 304);
  assert.equal(await statusWith({ "if-none-match": "*" }), 304);
  assert.equal(await statusWith({ "if-none-match": '"x"' }), 200);
  assert.equal(await statusWith({ "if-match": `"x", ${ETAG}` }), 200);
  assert.equal(await statusWith({ "if-match": `W/${ETAG}` }), 412);
  assert.equal(await statusWith({ "if-match": '"x"', "if-none-match": ETAG }), 412);
  assert.equal(await statusWith({ range: "bytes=0-1", "if-range": ETAG }), 206);
  assert.equal(await statusWith({ range: "bytes=0-1", "if-range": '"x"' }), 200);
  assert.equal(
    await statusWith({ range: "bytes=0-1", "if-range": "Wed, 21 Oct 2026 07:28:00 GMT" }),
    200,
  );
  const notModified = await rig.wire.ask("GET", path, { headers: { "if-none-match": ETAG } });
  assert.deepEqual(
    [notModified.text, notModified.headers["content-length"], notModified.headers.etag],
    ["", undefined, ETAG],
  );
});

test("a download endpoint takes no bytes", async () => {
  for (const method of ["PUT", "POST", "DELETE"]) {
    const told = await rig.wire.ask(method, path, { body: "x" });
    assert.deepEqual([told.status, told.headers.allow], [405, "GET, HEAD"], method);
  }
});

test("an empty file and a large one come whole", async () => {
  const other = await TransferRig.open();
  const empty = await other.publish("empty", "");
  const told = await other.wire.ask("GET", empty.path);
  assert.deepEqual([told.status, told.text, told.headers["content-length"]], [200, "", "0"]);
  assert.equal(
    (await other.wire.ask("GET", empty.path, { headers: { range: "bytes=0-" } })).status,
    416,
  );
  await other.openSession();
  const content = someBytes(5_000_000);
  const large = await other.publish("large", content);
  assert.ok((await other.wire.ask("GET", large.path)).bytes.equals(content));
  const tail = await other.wire.ask("GET", large.path, { headers: { range: "bytes=-1234567" } });
  assert.ok(tail.bytes.equals(content.subarray(-1_234_567)));
  await other.close();
});

const LARGE_BYTES = 24 * 1024 * 1024;

test("when its session ends a running download is broken off, and the address is dead", async () => {
  const other = await TransferRig.open();
  const { path: address, downloadId } = await other.publish("large", new Uint8Array(LARGE_BYTES));
  const connection = other.wire.connect();
  await connection.send(`GET ${address} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await connection.until(/\r\n\r\n/);
  connection.pause();
  assert.equal((await other.cancelDownload(downloadId)).status, 204);
  connection.resume();
  assert.ok((await connection.closed()).length < LARGE_BYTES);
  assert.equal((await other.wire.ask("GET", address)).status, 404);
  await other.close();
});

test("a client that takes nothing for too long is cut", async () => {
  const other = await TransferRig.open();
  const { path: address } = await other.publish("large", new Uint8Array(LARGE_BYTES));
  const connection = other.wire.connect();
  await connection.send(`GET ${address} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await connection.until(/\r\n\r\n/);
  connection.pause();
  for (let count = 0; count < 50; count += 1) await new Promise((resolve) => setImmediate(resolve));
  await other.wire.clock.advance(DOWNLOAD_STALL_TIMEOUT_MS + 2000);
  connection.resume();
  assert.ok((await connection.closed()).length < LARGE_BYTES);
  await other.close();
});
