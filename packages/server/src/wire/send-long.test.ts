import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { RawConnection } from "@contentlib/testkit/rigs/raw-connection";
import { WireRig } from "@contentlib/testkit/rigs/wire-rig";
import { LONG_REPLY_BYTES } from "./send-long.ts";
import { PIECES_STALL_TIMEOUT_MS } from "./send-pieces.ts";

/** More than all buffers between two ends of a connection take. */
const LONG_BYTES = 24 * 1024 * 1024;
const QUIET_TURNS = 300;
/** Not ASCII, so that characters are no bytes. */
const LONG = JSON.stringify("ä".repeat(LONG_BYTES / 2));
const BODY_BYTES = Buffer.byteLength(LONG);

let rig: WireRig | null = null;
afterEach(async () => {
  await rig?.close();
  rig = null;
});

const opened = async (long = LONG): Promise<WireRig> => {
  rig = await WireRig.open({ documents: { rest: long, api: '{"form":"api"}' } });
  return rig;
};

const asking = (path: string, headers = ""): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < QUIET_TURNS; turn += 1)
    await new Promise((resolve) => setImmediate(resolve));
};

/** A client that has asked for the long reply and takes no more of it than its beginning. */
const stuck = async (wire: WireRig): Promise<RawConnection> => {
  const connection = wire.connect();
  await connection.send(asking("/openapi/rest.json", "Connection: close\r\n"));
  await connection.until(/HTTP\/1.1 200/);
  connection.pause();
  await turns();
  return connection;
};

test("a client that takes nothing of a long reply is cut off, and is no failure", async () => {
  const wire = await opened();
  const connection = await stuck(wire);
  await wire.clock.advance(PIECES_STALL_TIMEOUT_MS + 2000);
  await turns();
  connection.resume();
  const received = await connection.closed();
  assert.ok(received.length < BODY_BYTES, `${received.length} bytes came`);
  assert.equal(
    wire.logLines.some((line) => line.includes("request.failed")),
    false,
  );
});

test("a client that pauses for less gets all of it, with its length", async () => {
  const wire = await opened();
  const connection = await stuck(wire);
  await wire.clock.advance(PIECES_STALL_TIMEOUT_MS - 2000);
  connection.resume();
  const received = await connection.closed();
  const [head = ""] = received.split("\r\n\r\n", 1);
  assert.ok(head.includes(`Content-Length: ${BODY_BYTES}`), head);
  assert.ok(!head.includes("Transfer-Encoding"), head);
  const body = Buffer.from(received.slice(head.length + 4), "latin1");
  assert.equal(body.length, BODY_BYTES);
  assert.ok(body.equals(Buffer.from(LONG)));
});

test("a long reply keeps its turn among others on the same connection, which goes on", async () => {
  const long = JSON.stringify("ä".repeat(2 * LONG_REPLY_BYTES));
  const wire = await opened(long);
  const connection = wire.connect();
  const paths = ["/openapi/api.json", "/openapi/rest.json", "/openapi/rest.json", "/healthz"];
  await connection.send(paths.map((path) => asking(path)).join(""));
  await connection.until(/"status":"ok"}$/);
  await connection.send(asking("/openapi/api.json", "Connection: close\r\n"));
  const received = await connection.closed();
  const lengths = [...received.matchAll(/Content-Length: (\d+)/g)].map(([, length]) =>
    Number(length),
  );
  const longBytes = Buffer.byteLength(long);
  assert.deepEqual(lengths, [14, longBytes, longBytes, 15, 14]);
});

test("a long reply to HEAD is its head", async () => {
  const wire = await opened();
  const told = await wire.ask("HEAD", "/openapi/rest.json");
  assert.equal(told.headers["content-length"], String(BODY_BYTES));
  assert.equal(told.bytes.length, 0);
});
