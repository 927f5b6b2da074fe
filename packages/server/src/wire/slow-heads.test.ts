import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { WireRig } from "@contentlib/testkit/rigs/wire-rig";
import { ANSWER_STALL_TIMEOUT_MS, HEAD_TIMEOUT_MS } from "./connection.ts";

const HEALTH = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
const LATE = /HTTP\/1\.1 408 Request Timeout\r\n[^]*\r\nConnection: close\r\n[^]*\}$/;
const SECOND_MS = 1000;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const open = async (...options: Parameters<typeof WireRig.open>): Promise<WireRig> => {
  const rig = await WireRig.open(...options);
  closers.push(async () => await rig.close());
  return rig;
};

/** Lets what was sent before arrive: a later connection is answered later. */
const settle = async (rig: WireRig): Promise<void> => {
  for (let round = 0; round < 3; round += 1) await rig.ask("GET", "/healthz");
};

for (const tls of [null, aTlsIdentity()]) {
  const over = tls === null ? "plain HTTP" : "TLS";

  test(`over ${over}, a head that is not whole in time is answered 408 and its connection ends`, async () => {
    const rig = await open({ tls });
    const slow = rig.connect();
    await slow.send("GET /healthz HTTP/1.1\r\nHost: x\r\n");
    await settle(rig);
    for (let passedMs = 0; passedMs < HEAD_TIMEOUT_MS - 2 * SECOND_MS; passedMs += SECOND_MS) {
      // However often something of it comes.
      await slow.send(`X-${passedMs}: y\r\n`);
      await rig.clock.advance(SECOND_MS);
    }
    await settle(rig);
    assert.equal(slow.received, "");
    await rig.clock.advance(4 * SECOND_MS);
    const told = await slow.closed();
    assert.match(told, /^HTTP\/1\.1 408 /);
    assert.match(told, LATE);
    assert.match(told, /\r\nx-request-id: request-\d+\r\n/);
  });

  test(`over ${over}, a head that is slow and whole in time is answered`, async () => {
    const rig = await open({ tls });
    const slow = rig.connect();
    await slow.send("GET /heal");
    await settle(rig);
    await rig.clock.advance(HEAD_TIMEOUT_MS - 2 * SECOND_MS);
    await slow.send("thz HTTP/1.1\r\nHost: x\r\n\r\n");
    await slow.until(/^HTTP\/1\.1 200 [^]*\}$/);
    slow.destroy();
  });

  test(`over ${over}, a connection that never asks is ended`, async () => {
    const rig = await open({ tls });
    const silent = rig.connect();
    await silent.send("");
    await settle(rig);
    await rig.clock.advance(HEAD_TIMEOUT_MS - 2 * SECOND_MS);
    await settle(rig);
    assert.equal(silent.received, "");
    await rig.clock.advance(4 * SECOND_MS);
    assert.match(await silent.closed(), LATE);
  });

  test(`over ${over}, a kept connection may be idle, and its next head has its own time`, async () => {
    const rig = await open({ tls });
    const kept = rig.connect();
    await kept.send(HEALTH);
    await kept.until(/\}$/);
    await rig.clock.advance(2 * HEAD_TIMEOUT_MS);
    await kept.send("GET /heal");
    await settle(rig);
    await rig.clock.advance(HEAD_TIMEOUT_MS - 2 * SECOND_MS);
    await settle(rig);
    assert.doesNotMatch(kept.received, /408/);
    await rig.clock.advance(4 * SECOND_MS);
    assert.match(await kept.closed(), /^HTTP\/1\.1 200 [^]*\}HTTP\/1\.1 408 /);
  });
}

test("many slow heads are each cut, and the server answers meanwhile and afterwards", async () => {
  const rig = await open();
  const slow = Array.from({ length: 200 }, () => rig.connect());
  for (const connection of slow) await connection.send("GET / HTTP/1.1\r\nX: ");
  await settle(rig);
  await rig.clock.advance(HEAD_TIMEOUT_MS + 2 * SECOND_MS);
  for (const connection of slow) assert.match(await connection.closed(), LATE);
  await settle(rig);
});

test("a client that takes nothing of its answers is cut, however many it asked for", async () => {
  const text = JSON.stringify("y".repeat(60_000));
  const rig = await open({ documents: { rest: text, api: text } });
  const greedy = rig.connect();
  greedy.pause();
  const asks = "GET /openapi/api.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2000);
  void greedy.send(asks);
  await settle(rig);
  await rig.clock.advance(ANSWER_STALL_TIMEOUT_MS - 10 * SECOND_MS);
  await settle(rig);
  await rig.clock.advance(20 * SECOND_MS);
  greedy.resume();
  const got = await greedy.closed();
  assert.ok(got.length < 2000 * 60_000, `all ${got.length} bytes came`);
});
