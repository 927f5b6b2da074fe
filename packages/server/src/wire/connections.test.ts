import assert from "node:assert/strict";
import { Socket } from "node:net";
import { afterEach, test } from "node:test";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import type { RawConnection } from "@contentlib/testkit/rigs/raw-connection";
import { TransferRig } from "@contentlib/testkit/rigs/transfer-rig";
import { WireRig } from "@contentlib/testkit/rigs/wire-rig";
import { ManualClock } from "../adapters/clock/manual-clock.ts";
import { REFUSED_HEAD_TIMEOUT_MS } from "./connection.ts";
import { Connections } from "./connections.ts";

const MAX = 16;
/** How many are refused in words at a time. */
const REFUSING = 16;
const HEALTH = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
const OK = /^HTTP\/1\.1 200 [^]*\{"status":"ok"\}$/;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const open = async (options: Parameters<typeof WireRig.open>[0] = {}): Promise<WireRig> => {
  const rig = await WireRig.open({ connectionsMax: MAX, ...options });
  closers.push(async () => await rig.close());
  return rig;
};

/** Connections whose head never ends, which is why they are not idle. */
const busy = async (rig: WireRig, count: number): Promise<RawConnection[]> => {
  const connections = Array.from({ length: count }, () => rig.connect());
  closers.push(async () => {
    for (const connection of connections) connection.destroy();
    await Promise.resolve();
  });
  for (const connection of connections) await connection.send("GET /he");
  return connections;
};

/** Lets the server's own events run until something holds. */
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
};

test("beyond the limit the first request is answered 503, and the connection ends", async () => {
  const rig = await open();
  const held = await busy(rig, MAX);
  for (const [path, type] of [
    ["/api/content/library", '"error_type":"SERVICE_UNAVAILABLE"'],
    ["/rest/com/vmware/content/library", '"type":"com.vmware.vapi.std.errors.service_unavailable"'],
  ] as const) {
    const told = await rig.raw(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    assert.match(told, /^HTTP\/1\.1 503 /);
    assert.match(told, /\r\nConnection: close\r\n/i);
    assert.match(told, /\r\nRetry-After: 5\r\n/i);
    assert.match(told, /\r\nx-request-id: request-\d+\r\n/i);
    assert.ok(told.includes(type), told);
  }
  assert.equal(rig.logLines.filter((line) => line.includes("request.failed")).length, 0);
  // Those that have a place go on, and one that ends makes room.
  await held[0]?.send("althz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  assert.match((await held[0]?.closed()) ?? "", OK);
  await until(async () => (await rig.ask("GET", "/healthz")).status === 200);
});

test("an upload on a full server is refused in words that its client can read", async () => {
  const rig = await open();
  await busy(rig, MAX);
  const refused = rig.connect();
  await refused.send(
    `PUT /cls/data/x/a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n${"x".repeat(1000)}`,
  );
  await refused.until(/^HTTP\/1\.1 503 [^]*\}$/);
  await rig.clock.advance(10_000);
  await refused.closed();
});

test("transfers that are under way go on while others are refused", async () => {
  const rig = await TransferRig.open({ connectionsMax: MAX });
  closers.push(async () => await rig.wire.close());
  const path = await rig.add("a.iso");
  const upload = rig.wire.connect();
  await upload.send(`PUT ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n01234`);
  await until(async () => (await rig.file("a.iso")).bytes_transferred === 5);
  const held: RawConnection[] = [];
  await until(async () => {
    held.push(...(await busy(rig.wire, 1)));
    return (await rig.wire.ask("GET", "/healthz")).status === 503;
  });
  await upload.send("56789");
  await upload.until(/^HTTP\/1\.1 200 /);
  upload.destroy();
  for (const connection of held) connection.destroy();
  await until(async () => (await rig.file("a.iso")).status === "READY");
});

test("those that are refused are few and not for long; what comes beyond them is cut unheard", async () => {
  const rig = await open();
  await busy(rig, MAX);
  const refused = Array.from({ length: REFUSING }, () => rig.connect());
  for (const connection of refused) await connection.send("GET /heal");
  const cut = rig.connect();
  await cut.send(HEALTH);
  assert.equal(await cut.closed(), "");
  await rig.clock.advance(REFUSED_HEAD_TIMEOUT_MS - 1000);
  for (const connection of refused.slice(1)) assert.equal(connection.received, "");
  await refused[0]?.send("thz HTTP/1.1\r\nHost: x\r\n\r\n");
  assert.match((await refused[0]?.closed()) ?? "", /^HTTP\/1\.1 503 /);
  await rig.clock.advance(3000);
  for (const connection of refused.slice(1)) assert.equal(await connection.closed(), "");
  assert.match(await rig.raw(HEALTH), /^HTTP\/1\.1 503 /);
});

test("idle connections are given up first, those that are idle for the longest before others", async () => {
  const rig = await open();
  const idle = Array.from({ length: MAX - 1 }, () => rig.connect());
  for (const connection of idle) {
    await connection.send(HEALTH);
    await connection.until(OK);
    await rig.clock.advance(1000);
  }
  // A sixteenth is kept free: the first of them goes for the next that comes, and then the second.
  const first = rig.connect();
  await first.send(HEALTH);
  await first.until(OK);
  await idle[0]?.closed();
  await rig.clock.advance(2000);
  const second = rig.connect();
  await second.send(HEALTH);
  await second.until(OK);
  await idle[1]?.closed();
  await idle[2]?.send(HEALTH);
  await idle[2]?.until(/\}HTTP\/1\.1 200 [^]*\}$/);
  for (const connection of [...idle, first, second]) connection.destroy();
});

test("connections that are busy, or have begun to ask, are not given up", async () => {
  const rig = await open();
  const held = await busy(rig, MAX);
  for (let at = 0; at < 5; at += 1) {
    assert.match(await rig.raw(HEALTH), /^HTTP\/1\.1 503 /);
    await rig.clock.advance(1000);
  }
  for (const connection of held) {
    await connection.send("althz HTTP/1.1\r\nHost: x\r\n\r\n");
    await connection.until(OK);
  }
});

test("over TLS the limit is the same, and no handshake is spent on those that are cut", async () => {
  const rig = await open({ tls: aTlsIdentity() });
  await busy(rig, MAX);
  assert.match(await rig.raw(HEALTH), /^HTTP\/1\.1 503 /);
  // They never get through with TLS, and are cut without an answer when their time is over.
  const silent = Array.from({ length: REFUSING }, () => rig.connectPlain());
  for (const connection of silent) await connection.send("\x16\x03\x01");
  const cut = rig.connectPlain();
  await cut.send("\x16\x03\x01");
  assert.equal(await cut.closed(), "");
  await rig.clock.advance(REFUSED_HEAD_TIMEOUT_MS + 2000);
  for (const connection of silent) assert.equal(await connection.closed(), "");
  assert.match(await rig.raw(HEALTH), /^HTTP\/1\.1 503 /);
});

/** A socket that seems to come from elsewhere: those of the rig all come from loopback, which has no share. */
const socketFrom = (address: string): Socket =>
  Object.defineProperties(new Socket(), { remoteAddress: { value: address } });

test("a network that has its whole share gives up what it holds idle, and nobody else's", () => {
  const clock = new ManualClock();
  const connections = new Connections({
    clock,
    connectionsMax: 100,
    isTls: false,
    isProxy: () => false,
    tellLate: () => undefined,
  });
  const openIdle = (address: string): Socket => {
    const socket = socketFrom(address);
    connections.open(socket);
    connections.of(socket)?.asked();
    connections.of(socket)?.answered();
    return socket;
  };
  const other = openIdle("198.51.100.1");
  const idle = Array.from({ length: 50 }, () => openIdle("203.0.113.9"));
  assert.ok(!idle.some(({ destroyed }) => destroyed));
  const next = socketFrom("203.0.113.9");
  connections.open(next);
  assert.equal(connections.of(next)?.place.admission, "admitted");
  // A sixteenth of all at a time, and the first of them first.
  assert.deepEqual(
    idle.slice(0, 7).map(({ destroyed }) => destroyed),
    Array(7).fill(true),
  );
  assert.ok(!idle.slice(7).some(({ destroyed }) => destroyed));
  assert.ok(!other.destroyed);
  connections.close();
  assert.ok(other.destroyed);
});

test("a network whose connections are all busy is refused, while others come in", () => {
  const clock = new ManualClock();
  const connections = new Connections({
    clock,
    connectionsMax: 100,
    isTls: false,
    isProxy: (address) => address === "203.0.113.10",
    tellLate: () => undefined,
  });
  const admissionOf = (address: string): string => {
    const socket = socketFrom(address);
    connections.open(socket);
    connections.of(socket)?.asked();
    return connections.of(socket)?.place.admission ?? "cut";
  };
  const greedy = Array.from({ length: 70 }, () => admissionOf("::ffff:203.0.113.9"));
  assert.deepEqual(
    ["admitted", "refused", "cut"].map((each) => greedy.filter((one) => one === each).length),
    [50, 16, 4],
  );
  assert.equal(admissionOf("198.51.100.1"), "admitted");
  // A proxy and loopback stand for many, and have what is left.
  const proxied = Array.from({ length: 24 }, () => admissionOf("203.0.113.10"));
  const local = Array.from({ length: 25 }, () => admissionOf("127.0.0.1"));
  assert.ok([...proxied, ...local].every((admission) => admission === "admitted"));
  assert.equal(admissionOf("198.51.100.2"), "cut");
  connections.close();
});
