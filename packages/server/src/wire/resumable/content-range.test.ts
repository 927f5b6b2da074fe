import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { TransferRig } from "@contentlib/testkit/rigs/transfer-rig";
import type { Told } from "@contentlib/testkit/rigs/wire-rig";

let rig: TransferRig;
beforeEach(async () => {
  rig = await TransferRig.open();
});
afterEach(async () => await rig.close());

const send = async (
  path: string,
  body: string,
  range?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Told> =>
  await rig.wire.ask("PUT", path, {
    body,
    headers: { ...headers, ...(range === undefined ? {} : { "content-range": range }) },
  });

const stateOf = async (path: string): Promise<readonly (string | number | undefined)[]> => {
  const { status, headers } = await rig.wire.ask("HEAD", path);
  return [status, headers["upload-offset"]?.toString(), headers["upload-length"]?.toString()];
};

test("ranges that follow each other are one file, by PUT and by POST", async () => {
  const path = await rig.add("a.iso", { size: 10 });
  assert.deepEqual(await stateOf(path), [200, "0", "10"]);
  assert.equal((await send(path, "0123", "bytes 0-3/10")).status, 200);
  assert.deepEqual(await stateOf(path), [200, "4", "10"]);
  assert.equal((await rig.file("a.iso")).bytes_transferred, 4);
  const second = await rig.wire.ask("POST", path, {
    body: "456",
    headers: { "content-range": "Bytes 4-6/*" },
  });
  assert.deepEqual(
    [second.status, second.text, second.headers["upload-offset"]],
    [200, "", "7"],
    second.text,
  );
  assert.equal((await send(path, "789", "bytes 7-9/10")).status, 200);
  const file = await rig.file("a.iso");
  assert.deepEqual([file.status, file.size], ["READY", 10]);
  assert.equal((await rig.act("complete")).status, 204);
});

test("where nobody declared the size, the range tells it, and keeps to it", async () => {
  const path = await rig.add("a.iso");
  assert.equal((await send(path, "0123", "bytes 0-3/10")).status, 200);
  assert.deepEqual(await stateOf(path), [200, "4", "10"]);
  assert.equal((await send(path, "4567", "bytes 4-7/8")).status, 400);
  assert.deepEqual(await stateOf(path), [200, "4", "10"]);
  assert.equal((await send(path, "456789", "bytes 4-9/10")).status, 200);
  assert.equal((await rig.file("a.iso")).status, "READY");
});

const BAD_RANGES = [
  "bytes 5-8/10",
  "bytes 3-6/10",
  "bytes 0-3/10",
  "bytes 4-7/11",
  "bytes 4-10/10",
  "bytes 4-6/10",
  "bytes 7-4/10",
  "bytes4-7/10",
  "bytes 4-7",
  "bytes */10",
  "bytes 4-/10",
  "bytes -4/10",
  "bytes 0x4-7/10",
  "bytes 4 - 7/10",
  "bytes 4-7/10, bytes 4-7/10",
  "bytes 4-9007199254740992/9007199254740993",
  "items 4-7/10",
  "nonsense",
  "",
];

test("any other range is 400, names what it refuses, and changes nothing", async () => {
  const path = await rig.add("a.iso", { size: 10 });
  await send(path, "0123", "bytes 0-3/10");
  for (const range of BAD_RANGES) {
    const told = await send(path, "4567", range);
    assert.equal(told.status, 400, range);
    assert.ok(told.text.includes(range.slice(0, 60)), told.text);
    assert.deepEqual(await stateOf(path), [200, "4", "10"], range);
  }
  assert.equal((await send(path, "456789", "bytes 4-9/10")).status, 200);
  assert.equal((await rig.file("a.iso")).status, "READY");
});

test("a file that is whole keeps its bytes, whatever range comes", async () => {
  const path = await rig.add("a.iso");
  await send(path, "before");
  for (const range of ["bytes 0-4/5", "bytes 6-10/11", "bytes0-9/10"]) {
    assert.equal((await send(path, "after", range)).status, 400, range);
    const file = await rig.file("a.iso");
    assert.deepEqual([file.status, file.size], ["READY", 6]);
  }
});

test("a range is of the bytes themselves: multipart and encoded bodies are refused with it", async () => {
  const path = await rig.add("a.iso");
  const multipart = { "content-type": "multipart/form-data; boundary=b" };
  assert.equal((await send(path, "0123", "bytes 0-3/10", multipart)).status, 400);
  const encoded = { "content-encoding": "gzip" };
  assert.equal((await send(path, "0123", "bytes 0-3/10", encoded)).status, 415);
  assert.deepEqual(await stateOf(path), [200, "0", undefined]);
});

test("bytes that break off count as far as they came, and a plain PUT begins at 0 as ever", async () => {
  const path = await rig.add("a.iso", { size: 10 });
  const connection = rig.wire.connect();
  await connection.send(
    `PUT ${path} HTTP/1.1\r\nHost: x\r\nContent-Range: bytes 0-9/10\r\nContent-Length: 10\r\n\r\n012345`,
  );
  while ((await rig.file("a.iso")).bytes_transferred < 6)
    await new Promise((resolve) => setImmediate(resolve));
  connection.destroy();
  while ((await rig.file("a.iso")).status === "TRANSFERRING")
    await new Promise((resolve) => setImmediate(resolve));
  const file = await rig.file("a.iso");
  assert.deepEqual([file.status, file.bytes_transferred], ["WAITING_FOR_TRANSFER", 6]);
  assert.deepEqual(await stateOf(path), [200, "6", "10"]);
  assert.equal((await send(path, "abcdefghij")).status, 200);
  assert.deepEqual(await stateOf(path), [200, "10", "10"]);
});

test("a range needs a length, or more could come than it says", async () => {
  const path = await rig.add("a.iso", { size: 10 });
  const headers = { "content-range": "bytes 0-3/10" };
  const told = await rig.wire.ask("PUT", path, { body: "0123", isChunked: true, headers });
  assert.equal(told.status, 411, told.text);
  assert.match(told.text, /needs Content-Length/);
  assert.deepEqual(await stateOf(path), [200, "0", "10"]);
});
