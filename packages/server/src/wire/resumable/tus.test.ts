import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { afterEach, beforeEach, test } from "node:test";
import { TransferRig } from "@contentlib/testkit/rigs/transfer-rig";
import type { Ask, Told } from "@contentlib/testkit/rigs/wire-rig";

const VERSION = { "tus-resumable": "1.0.0" };
const BODY_TYPE = "application/offset+octet-stream";

let rig: TransferRig;
beforeEach(async () => {
  rig = await TransferRig.open();
});
afterEach(async () => await rig.close());

const ask = async (method: string, path: string, given: Ask = {}): Promise<Told> => {
  const headers = { ...VERSION, ...given.headers };
  const told = await rig.wire.ask(method, path, { ...given, headers });
  assert.equal(told.headers["tus-resumable"], "1.0.0", `${method} ${told.status}`);
  return told;
};

const patch = async (
  path: string,
  offset: string | number,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<Told> =>
  await ask("PATCH", path, {
    body,
    headers: { "content-type": BODY_TYPE, "upload-offset": String(offset), ...headers },
  });

const offsetOf = async (path: string): Promise<string | undefined> =>
  (await ask("HEAD", path)).headers["upload-offset"]?.toString();

test("HEAD tells offset, length and end, and no cache may keep it", async () => {
  const path = await rig.add("a.iso", { size: 10 });
  const { status, text, headers } = await ask("HEAD", path);
  assert.deepEqual([status, text], [200, ""]);
  assert.equal(headers["upload-offset"], "0");
  assert.equal(headers["upload-length"], "10");
  assert.equal(headers["upload-defer-length"], undefined);
  assert.equal(headers["cache-control"], "no-store");
  const expires = String(headers["upload-expires"]);
  assert.equal(new Date(expires).toUTCString(), expires);
  assert.ok(Date.parse(expires) > rig.wire.clock.now());
});

test("PATCH appends, tells the new offset and the end, and the last one makes the file READY", async () => {
  const path = await rig.add("a.iso", { size: 10 });
  const first = await patch(path, 0, "0123");
  assert.deepEqual([first.status, first.text, first.headers["upload-offset"]], [204, "", "4"]);
  assert.ok(Date.parse(String(first.headers["upload-expires"])) > rig.wire.clock.now());
  assert.equal((await rig.file("a.iso")).status, "WAITING_FOR_TRANSFER");
  const last = await patch(path, 4, "456789");
  assert.deepEqual([last.status, last.headers["upload-offset"]], [204, "10"]);
  const file = await rig.file("a.iso");
  assert.deepEqual([file.status, file.size], ["READY", 10]);
  assert.equal(await offsetOf(path), "10");
});

test("a lost answer to the last bytes can be asked for again; more bytes are refused", async () => {
  const path = await rig.add("a.iso", { size: 4 });
  assert.equal((await patch(path, 0, "0123")).status, 204);
  assert.equal((await patch(path, 4, "")).status, 204);
  assert.equal((await patch(path, 0, "0123")).status, 409);
  assert.equal((await patch(path, 4, "4")).status, 400);
  assert.equal((await rig.file("a.iso")).status, "READY");
});

test("an offset that is not where the bytes end is 409 and changes nothing", async () => {
  const path = await rig.add("a.iso", { size: 10 });
  await patch(path, 0, "0123");
  for (const offset of [0, 3, 5, 10, 999_999_999_999_999]) {
    const told = await patch(path, offset, "x");
    assert.equal(told.status, 409, String(offset));
    assert.match(told.text, /4 are here/);
    assert.equal(await offsetOf(path), "4");
  }
});

test("an offset that is no number of bytes is 400 and changes nothing", async () => {
  const path = await rig.add("a.iso", { size: 10 });
  await patch(path, 0, "0123");
  for (const offset of [
    "-4",
    "+4",
    "4.0",
    "0x4",
    "4 4",
    "4, 4",
    "1e1",
    "9007199254740992",
    "four",
  ]) {
    const told = await patch(path, offset, "x");
    assert.equal(told.status, 400, offset);
    assert.match(told.text, /Upload-Offset is no number of bytes/);
  }
  const without = await ask("PATCH", path, { body: "x", headers: { "content-type": BODY_TYPE } });
  assert.equal(without.status, 400);
  assert.match(without.text, /it has no Upload-Offset/);
  assert.equal(await offsetOf(path), "4");
});

test("a header that is sent twice is refused, and so are two that speak of different ends of the request", async () => {
  const path = await rig.add("a.iso", { size: 10 });
  const head = `PATCH ${path} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nContent-Type: ${BODY_TYPE}\r\nConnection: close\r\n`;
  const twice = await rig.wire.raw(
    `${head}Upload-Offset: 0\r\nUpload-Offset: 0\r\nContent-Length: 1\r\n\r\nx`,
  );
  assert.match(twice, /^HTTP\/1\.1 400 /);
  const smuggled = await rig.wire.raw(
    `${head}Upload-Offset: 0\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  );
  assert.match(smuggled, /^HTTP\/1\.1 400 /);
  assert.equal(await offsetOf(path), "0");
});

test("more bytes than the file has are refused, told or not", async () => {
  const path = await rig.add("a.iso", { size: 4 });
  const told = await patch(path, 0, "01234");
  assert.equal(told.status, 400);
  assert.equal(await offsetOf(path), "0");
  const chunked = await ask("PATCH", path, {
    body: "01234",
    isChunked: true,
    headers: { "content-type": BODY_TYPE, "upload-offset": "0" },
  });
  assert.equal(chunked.status, 400, chunked.text);
});

test("chunked bytes count like others", async () => {
  const path = await rig.add("a.iso", { size: 4 });
  const headers = { "content-type": BODY_TYPE, "upload-offset": "0" };
  const told = await ask("PATCH", path, { body: "01", isChunked: true, headers });
  assert.deepEqual([told.status, told.headers["upload-offset"]], [204, "2"]);
});

test("a length that nobody declared is deferred until a PATCH tells it, and stays", async () => {
  const path = await rig.add("a.iso");
  const { headers } = await ask("HEAD", path);
  assert.deepEqual([headers["upload-defer-length"], headers["upload-length"]], ["1", undefined]);
  assert.equal((await patch(path, 0, "0123")).status, 204);
  assert.equal((await ask("HEAD", path)).headers["upload-defer-length"], "1");
  assert.equal((await patch(path, 4, "45", { "upload-length": "10" })).status, 204);
  const known = (await ask("HEAD", path)).headers;
  assert.deepEqual([known["upload-defer-length"], known["upload-length"]], [undefined, "10"]);
  assert.equal((await patch(path, 6, "67", { "upload-length": "8" })).status, 400);
  assert.equal((await patch(path, 6, "67", { "upload-length": "-8" })).status, 400);
  assert.equal((await patch(path, 6, "6789", { "upload-length": "10" })).status, 204);
  assert.equal((await rig.file("a.iso")).status, "READY");
});

test("an empty file is READY once its length of 0 is told", async () => {
  const path = await rig.add("a.iso");
  assert.equal((await patch(path, 0, "", { "upload-length": "0" })).status, 204);
  assert.equal((await rig.file("a.iso")).status, "READY");
});

test("bytes of another type are 415, and so are encoded ones", async () => {
  const path = await rig.add("a.iso", { size: 4 });
  for (const type of ["application/octet-stream", "application/partial-upload", "x"]) {
    const told = await patch(path, 0, "0123", { "content-type": type });
    assert.equal(told.status, 415, type);
    assert.match(told.text, /application\/offset\+octet-stream/);
  }
  assert.equal((await patch(path, 0, "0123", { "content-encoding": "gzip" })).status, 415);
  assert.equal(await offsetOf(path), "0");
});

for (const [name, digestName] of [
  ["sha1", "sha1"],
  ["md5", "md5"],
  ["sha256", "sha256"],
  ["sha512", "sha512"],
] as const) {
  test(`bytes that do not fit their ${name} are 460, dropped, and can be sent again`, async () => {
    const path = await rig.add("a.iso", { size: 8 });
    const sum = (text: string): string =>
      `${name} ${createHash(digestName).update(text).digest("base64")}`;
    assert.equal((await patch(path, 0, "0123", { "upload-checksum": sum("0123") })).status, 204);
    const told = await patch(path, 4, "4567", { "upload-checksum": sum("4568") });
    assert.equal(told.status, 460, told.text);
    assert.match(told.text, /they were dropped, send them again/);
    assert.equal(await offsetOf(path), "4");
    assert.equal((await rig.file("a.iso")).status, "WAITING_FOR_TRANSFER");
    assert.equal((await patch(path, 4, "4567", { "upload-checksum": sum("4567") })).status, 204);
    assert.equal((await rig.file("a.iso")).status, "READY");
  });
}

test("a checksum of an unknown algorithm, or none at all, is 400 and changes nothing", async () => {
  const path = await rig.add("a.iso", { size: 4 });
  const good = createHash("sha1").update("0123").digest("base64");
  for (const sum of [
    `crc32 ${good}`,
    `constructor ${good}`,
    "sha1",
    "sha1 ",
    "sha1 AAAA",
    `sha1 ${good} more`,
    `md5 ${good}`,
  ]) {
    assert.equal((await patch(path, 0, "0123", { "upload-checksum": sum })).status, 400, sum);
  }
  assert.equal(await offsetOf(path), "0");
});

test("bytes that do not have the checksum of the whole file make it ERROR, and it can be sent again", async () => {
  const checksum = createHash("sha256").update("0123").digest("hex");
  const path = await rig.add("a.iso", {
    size: 4,
    checksum_info: { algorithm: "SHA256", checksum },
  });
  assert.equal((await patch(path, 0, "01")).status, 204);
  assert.equal((await patch(path, 2, "24")).status, 400);
  assert.equal((await rig.file("a.iso")).status, "ERROR");
  assert.equal(await offsetOf(path), "0");
  assert.equal((await patch(path, 0, "0123")).status, 204);
  assert.equal((await rig.file("a.iso")).status, "READY");
});

test("DELETE drops what came, whole or not, and the file waits again", async () => {
  const path = await rig.add("a.iso", { size: 4 });
  await patch(path, 0, "01");
  assert.deepEqual([(await ask("DELETE", path)).status, await offsetOf(path)], [204, "0"]);
  assert.equal((await rig.file("a.iso")).bytes_transferred, 0);
  await patch(path, 0, "0123");
  assert.equal((await rig.file("a.iso")).status, "READY");
  assert.equal((await ask("DELETE", path)).status, 204);
  assert.equal((await rig.file("a.iso")).status, "WAITING_FOR_TRANSFER");
  assert.equal((await patch(path, 0, "4567")).status, 204);
  assert.equal((await ask("DELETE", path)).status, 204);
  assert.equal((await ask("DELETE", path)).status, 204);
});

test("OPTIONS tells what is spoken, to those who do not know it yet too", async () => {
  const path = await rig.add("a.iso");
  for (const version of ["1.0.0", "0.2.2", null]) {
    const headers = version === null ? {} : { "tus-resumable": version };
    const told = await rig.wire.ask("OPTIONS", path, { headers });
    assert.equal(told.status, 204);
    assert.equal(told.headers["tus-version"], "1.0.0");
    assert.equal(told.headers["tus-extension"], "checksum,expiration,termination");
    assert.equal(told.headers["tus-checksum-algorithm"], "md5,sha1,sha256,sha512");
    assert.equal(told.headers.allow, "PUT, POST, HEAD, PATCH, DELETE, OPTIONS");
    assert.match(String(told.headers["accept-patch"]), /offset\+octet-stream.*partial-upload/);
  }
});

test("another version, or none where there must be one, is 412 and names the one that is spoken", async () => {
  const path = await rig.add("a.iso", { size: 4 });
  const body = { "content-type": BODY_TYPE, "upload-offset": "0" };
  for (const [method, headers] of [
    ["HEAD", { "tus-resumable": "0.2.2" }],
    ["DELETE", { "tus-resumable": "2.0.0" }],
    ["PATCH", { ...body, "tus-resumable": "1.0" }],
    ["PATCH", body],
  ] as const) {
    const told = await rig.wire.ask(method, path, { headers });
    assert.deepEqual([told.status, told.headers["tus-version"]], [412, "1.0.0"], method);
    if (method !== "HEAD") assert.match(told.text, /Tus-Resumable must be 1\.0\.0/);
  }
  assert.equal(await offsetOf(path), "0");
});

test("the real method may stand in a header", async () => {
  const path = await rig.add("a.iso", { size: 4 });
  const override = (method: string) => ({ "x-http-method-override": method });
  const sent = await ask("POST", path, {
    body: "01",
    headers: { ...override("patch"), "content-type": BODY_TYPE, "upload-offset": "0" },
  });
  assert.deepEqual([sent.status, sent.headers["upload-offset"]], [204, "2"]);
  const dropped = await ask("POST", path, { headers: override("DELETE") });
  assert.deepEqual([dropped.status, await offsetOf(path)], [204, "0"]);
});

test("there is no creation: the session made the upload", async () => {
  const path = await rig.add("a.iso");
  for (const method of ["POST", "PUT", "GET"]) {
    const told = await ask(method, path, { headers: { "upload-length": "10" } });
    assert.equal(told.status, 405, method);
    assert.equal(told.headers.allow, "PUT, POST, HEAD, PATCH, DELETE, OPTIONS");
    assert.match(told.text, /update session has made the upload/);
  }
  assert.equal((await rig.file("a.iso")).status, "WAITING_FOR_TRANSFER");
});

test("metadata and what else a client may add changes nothing", async () => {
  const path = await rig.add("a.iso", { size: 4 });
  const told = await patch(path, 0, "0123", {
    "upload-metadata": "filename d29ybGQ,is_confidential",
    "upload-concat": "partial",
    "upload-defer-length": "1",
  });
  assert.equal(told.status, 204);
  assert.equal((await rig.file("a.iso")).status, "READY");
});
