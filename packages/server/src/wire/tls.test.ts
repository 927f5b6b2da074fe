import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { Socket } from "node:net";
import { afterEach, test } from "node:test";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import { connect } from "node:tls";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { TransferRig } from "@contentlib/testkit/rigs/transfer-rig";
import { basic, RIG_PASSWORD, WireRig } from "@contentlib/testkit/rigs/wire-rig";
import type { App } from "../app/app.ts";
import type { KeyPair } from "../ports/index.ts";
import { HEAD_TIMEOUT_MS } from "./connection.ts";

const LIBRARIES = "/api/content/local-library";
const PAIR = aTlsIdentity();

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const open = async (...options: Parameters<typeof WireRig.open>): Promise<WireRig> => {
  const rig = await WireRig.open({ tls: PAIR, ...options[0] }, options[1]);
  closers.push(async () => await rig.close());
  return rig;
};

/** The other end of a handshake, or why there is none. */
const shakeHands = async (rig: WireRig, options: ConnectionOptions): Promise<TLSSocket | Error> => {
  const socket = connect({ port: rig.port, host: "127.0.0.1", ca: PAIR.certPem, ...options });
  closers.push(async () => await Promise.resolve(void socket.destroy()));
  return await new Promise((resolve) => {
    socket.on("secureConnect", () => resolve(socket)).on("error", resolve);
  });
};

const thumbprintOf = ({ certPem }: KeyPair): string =>
  createHash("sha1")
    .update(new X509Certificate(certPem).raw)
    .digest("hex")
    .toUpperCase()
    .replaceAll(/(..)(?=.)/g, "$1:");

/** A rig whose calls show by which address and certificate they are told to come back. */
const openTelling = async (
  options: Parameters<typeof WireRig.open>[0] = {},
): Promise<{ readonly rig: WireRig; ask(headers?: object): Promise<readonly unknown[]> }> => {
  const seen: (readonly unknown[])[] = [];
  const list: App["handlers"]["localLibrary.list"] = async (_input, call) => {
    seen.push([call.baseUrl, call.thumbprint]);
    return await Promise.resolve([]);
  };
  const rig = await open(options, (app) => ({
    ...app,
    handlers: { ...app.handlers, "localLibrary.list": list },
  }));
  return {
    rig,
    ask: async (headers = {}) => {
      const login = { "vmware-api-session-id": await rig.loginId() };
      await rig.ask("GET", LIBRARIES, { headers: { ...login, ...headers } });
      return seen.at(-1) ?? [];
    },
  };
};

test("TLS 1.2 and 1.3 are spoken, older ones are not, and the protocol is HTTP/1.1", async () => {
  const rig = await open();
  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    const socket = await shakeHands(rig, {
      minVersion: version,
      maxVersion: version,
      ALPNProtocols: ["h2", "http/1.1"],
    });
    assert.ok(!(socket instanceof Error));
    assert.deepEqual([socket.getProtocol(), socket.alpnProtocol], [version, "http/1.1"]);
  }
  const old = await shakeHands(rig, {
    minVersion: "TLSv1",
    maxVersion: "TLSv1.1",
    ciphers: "DEFAULT@SECLEVEL=0",
  });
  assert.ok(old instanceof Error);
});

test("calls, uploads and downloads go as without TLS, at addresses that begin with https", async () => {
  const rig = await TransferRig.open({ tls: PAIR });
  closers.push(async () => await rig.wire.close());
  const content = "x".repeat(300_000);
  const { path } = await rig.publish("a.iso", content);
  const told = await rig.wire.ask("GET", path);
  assert.deepEqual([told.status, told.text === content], [200, true]);
  assert.match(rig.wire.url, /^https:/);
});

test("a call knows the certificate its caller has seen, and the address under https", async () => {
  const { rig, ask } = await openTelling();
  assert.deepEqual(await ask({ host: "lib.example" }), [
    "https://lib.example:443",
    thumbprintOf(PAIR),
  ]);
  assert.deepEqual(await ask({ host: "lib.example:8443" }), [
    "https://lib.example:8443",
    thumbprintOf(PAIR),
  ]);
  const host = await ask({ host: "bad host" });
  assert.equal(host[0], rig.url);
});

test("behind a proxy that speaks TLS to us, the client has seen another certificate than ours", async () => {
  const { ask } = await openTelling({ trustedProxies: ["127.0.0.1"] });
  assert.deepEqual(await ask({ "x-forwarded-host": "lib.example" }), [
    "https://lib.example:443",
    null,
  ]);
  assert.deepEqual(await ask({ "x-forwarded-proto": "http", host: "lib.example" }), [
    "http://lib.example:80",
    null,
  ]);
});

test("the login's cookie is Secure", async () => {
  const rig = await open();
  const told = await rig.ask("POST", "/api/session", {
    headers: basic("administrator", RIG_PASSWORD),
  });
  assert.match(told.headers["set-cookie"]?.[0] ?? "", /; Secure;/);
});

test("a client that speaks plain HTTP is told to use https", async () => {
  const rig = await open();
  for (const head of ["GET / HTTP/1.1\r\nHost: x", "PUT /x HTTP/1.1\r\nContent-Length: 1"]) {
    const plain = rig.connectPlain();
    await plain.send(`${head}\r\n\r\n`);
    const told = await plain.closed();
    assert.match(told, /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.match(
      told,
      /\r\nContent-Type: application\/json\r\n[^]*"This port speaks TLS: use https:\/\/ instead of http:\/\/\."/,
    );
    assert.match(told, /"contentlib\.request\.plain_http"/);
  }
});

test("what fails before TLS is up ends, is nothing for the log, and harms nobody", async () => {
  const rig = await open();
  const garbage = rig.connectPlain();
  await garbage.send("\x01\x02\x03 nonsense");
  await garbage.closed();
  // A hello, cut off.
  const vanished = rig.connectPlain();
  await vanished.send(Buffer.from("16030100500100004c0303", "hex"));
  vanished.destroy();
  const distrusting = await shakeHands(rig, { ca: aTlsIdentity().certPem });
  assert.ok(distrusting instanceof Error);
  assert.equal((await rig.ask("GET", "/healthz")).status, 200);
  assert.deepEqual(
    rig.logLines.filter((line) => !line.includes("/healthz")),
    [],
  );
});

test("a client that never gets through with TLS is cut after its time", async () => {
  const rig = await open();
  const silent = rig.connectPlain();
  const halfway = rig.connectPlain();
  await halfway.send(Buffer.from("16030100500100004c0303", "hex"));
  await rig.ask("GET", "/healthz");
  await rig.clock.advance(HEAD_TIMEOUT_MS - 1000);
  await rig.ask("GET", "/healthz");
  await rig.clock.advance(2000);
  assert.deepEqual([await silent.closed(), await halfway.closed()], ["", ""]);
});

test("a new certificate is for new connections, and those that are there go on", async () => {
  const { rig, ask } = await openTelling();
  const loginId = await rig.loginId();
  const head = `GET ${LIBRARIES} HTTP/1.1\r\nHost: x\r\nvmware-api-session-id: ${loginId}\r\n\r\n`;
  const kept = rig.connect();
  await kept.send(head);
  await kept.until(/\[\]$/);
  const renewed = aTlsIdentity({ keyPem: PAIR.keyPem });
  rig.useKeyPair(renewed);
  await kept.send(head);
  await kept.until(/\[\]HTTP\/1\.1 200 [^]*\[\]$/);
  kept.destroy();
  assert.equal((await ask())[1], thumbprintOf(renewed));
  const socket = await shakeHands(rig, { ca: renewed.certPem });
  assert.ok(!(socket instanceof Error));
  assert.equal(socket.getPeerX509Certificate()?.fingerprint, thumbprintOf(renewed));
  assert.ok((await shakeHands(rig, { ca: PAIR.certPem, session: undefined })) instanceof Error);
});

test("a key that does not fit changes nothing", async () => {
  const { rig, ask } = await openTelling();
  const wrong = { certPem: PAIR.certPem, keyPem: aTlsIdentity().keyPem };
  assert.throws(() => rig.useKeyPair(wrong));
  assert.throws(() => rig.useKeyPair({ certPem: "", keyPem: "" }));
  rig.useKeyPair(PAIR);
  assert.equal((await ask())[1], thumbprintOf(PAIR));
  await assert.rejects(WireRig.open({ tls: wrong }));
  const plain = await open({ tls: null });
  assert.throws(() => plain.useKeyPair(PAIR), /no TLS/);
});

test("a drain ends connections that ask nothing, TLS or not yet, and answers those that ask", async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const list: App["handlers"]["localLibrary.list"] = async () => {
    asked.resolve();
    await answer.promise;
    return [];
  };
  const rig = await open({}, (app) => ({
    ...app,
    handlers: { ...app.handlers, "localLibrary.list": list },
  }));
  const loginId = await rig.loginId();
  const silent = await shakeHands(rig, {});
  assert.ok(!(silent instanceof Error));
  const half = rig.connectPlain();
  await half.send(Buffer.from("16030100500100004c0303", "hex"));
  const idle = rig.connect();
  await idle.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  await idle.until(/\}$/);
  const busy = rig.connect();
  await busy.send(
    `GET ${LIBRARIES} HTTP/1.1\r\nHost: x\r\nvmware-api-session-id: ${loginId}\r\n\r\n`,
  );
  await asked.promise;
  const gone = once(silent as Socket, "close");
  const drained = rig.drain();
  await Promise.all([gone, half.closed(), idle.closed()]);
  assert.equal(busy.received, "");
  answer.resolve();
  assert.match(await busy.closed(), /^HTTP\/1\.1 200 [^]*Connection: close[^]*\[\]$/i);
  await drained;
});
