import assert from "node:assert/strict";
import { X509Certificate, createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createPlainServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { TLSSocket } from "node:tls";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import type { TlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { startCountingTlsServer } from "@contentlib/testkit/client/counting-tls-server";
import { ConnectionError } from "../errors.ts";
import { systemOf } from "../system.ts";
import { connectionError } from "../transport.ts";
import { keyPrintOf } from "./certificate-pin.ts";
import { fileSource } from "./file-source.ts";
import { pinnedConnector } from "./pinned-connection.ts";

const pinOf = ({ certPem }: TlsIdentity): string => keyPrintOf(new X509Certificate(certPem));

/** Opens a connection, says something, and answers what comes back. */
async function speak(url: string, server: { url: string; pin: string }): Promise<string> {
  const { hostname, port, protocol } = new URL(url);
  const socket = await new Promise<TLSSocket>((resolve, reject) => {
    pinnedConnector(server)({ hostname, port, protocol }, (error, opened) =>
      error === null ? resolve(opened) : reject(connectionError(url, error, {})),
    );
  });
  socket.write("x");
  return await text(socket);
}

async function counting(t: TestContext, identity: TlsIdentity) {
  const server = await startCountingTlsServer(identity);
  t.after(async () => await server.close());
  return server;
}

test("a server with the pinned key is spoken to, whatever its certificate says of names and dates", async (t) => {
  for (const wish of [
    {},
    { names: ["elsewhere.example"] },
    { validUntil: new Date("2024-02-01T00:00:00Z") },
    { validFrom: new Date("2123-01-01T00:00:00Z") },
  ]) {
    const identity = aTlsIdentity(wish);
    const { url } = await counting(t, identity);
    assert.match(await speak(url, { url, pin: pinOf(identity) }), /^HTTP\/1\.1 200/);
    const print = new X509Certificate(identity.certPem).fingerprint256;
    assert.match(await speak(url, { url, pin: print }), /^HTTP\/1\.1 200/);
  }
});

test("a server with another key hears nothing, and the error names both prints", async (t) => {
  const [shown, pinned] = [aTlsIdentity(), aTlsIdentity()];
  const server = await counting(t, shown);
  for (const pin of [pinOf(pinned), new X509Certificate(pinned.certPem).fingerprint256]) {
    await assert.rejects(speak(server.url, { url: server.url, pin }), (error) => {
      assert.ok(error instanceof ConnectionError);
      assert.equal(error.untrustedOrigin, server.url);
      assert.ok(error.message.startsWith(`${server.url} is not trusted: its `), error.message);
      assert.ok(error.message.includes(pin), error.message);
      const print = pin.startsWith("sha256//")
        ? pinOf(shown)
        : new X509Certificate(shown.certPem).fingerprint256;
      assert.ok(error.message.includes(print), error.message);
      return true;
    });
  }
  assert.equal(server.connections(), 2);
  assert.equal(server.bytes(), 0);
});

test("elsewhere the pinned key counts too, or else a certificate that the system trusts; any other hears nothing", async (t) => {
  const authority = aTlsIdentity({ commonName: "authority", isAuthority: true });
  const issuer = { ...authority, commonName: "authority" };
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, authority.certPem]);
  t.after(() => setDefaultCACertificates(before));
  const home = aTlsIdentity();
  const pinned = { url: "https://127.0.0.1:1", pin: pinOf(home) };
  const same = await counting(t, aTlsIdentity({ keyPem: home.keyPem, names: ["x.example"] }));
  assert.match(await speak(same.url, pinned), /200/);
  const proper = await counting(t, aTlsIdentity({ issuer }));
  assert.match(await speak(proper.url, pinned), /200/);
  await assert.rejects(speak(proper.url, { ...pinned, url: proper.url }), /not the pinned/);
  for (const [wish, message] of [
    [{}, /certificate is self-signed/],
    [{ issuer, names: ["x.example"] }, /certificate is for other names/],
    [{ issuer, validUntil: new Date("2024-02-01T00:00:00Z") }, /certificate has expired/],
  ] as const) {
    const server = await counting(t, aTlsIdentity(wish));
    await assert.rejects(speak(server.url, pinned), message);
    assert.equal(server.bytes(), 0);
  }
});

test("an address without TLS is refused, one where nobody speaks it is told apart", async (t) => {
  const pin = pinOf(aTlsIdentity());
  const url = "http://127.0.0.1:1";
  await assert.rejects(speak(url, { url, pin }), /can not be reached: .*speaks TLS only/);
  const plain = createPlainServer((socket) => socket.on("error", () => undefined).end("hello\r\n"));
  await once(plain.listen(0, "127.0.0.1"), "listening");
  t.after(() => plain.close());
  const secure = `https://127.0.0.1:${(plain.address() as AddressInfo).port}`;
  await assert.rejects(speak(secure, { url: secure, pin }), /does not speak TLS/);
  assert.throws(() => pinnedConnector({ url, pin: "sha256//x" }), TypeError);
});

async function upload(t: TestContext, sizeBytes: number) {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-pinned-"));
  t.after(async () => await rm(directory, { recursive: true }));
  const content = Buffer.alloc(sizeBytes, "contentlib");
  const path = join(directory, "disk.img");
  await writeFile(path, content);
  const send = async (url: string, pinned: { url: string; pin: string }) =>
    await (
      await fileSource(path, { pinned })
    ).send({
      url,
      signal: new AbortController().signal,
      system: systemOf(),
      onProgress: () => undefined,
    });
  return { content, send };
}

test("a file goes to the pinned server, which may refuse it beforehand, and not to another", async (t) => {
  const identity = aTlsIdentity();
  const bodies: string[] = [];
  const take = (request: IncomingMessage, response: ServerResponse): void =>
    void buffer(request).then((body) => {
      bodies.push(createHash("sha256").update(body).digest("hex"));
      response.end("taken");
    });
  const server = createServer({ cert: identity.certPem, key: identity.keyPem }, take);
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === "/full") return void response.writeHead(507).end("full");
    response.writeContinue();
    take(request, response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const pinned = { url, pin: pinOf(identity) };
  const { content, send } = await upload(t, 3 * 1024 * 1024 + 1);
  const reply = await send(`${url}/bytes`, pinned);
  assert.equal(reply.body, "taken");
  assert.deepEqual(bodies, [createHash("sha256").update(content).digest("hex")]);
  assert.equal((await send(`${url}/full`, pinned)).status, 507);
  const other = await counting(t, aTlsIdentity());
  await assert.rejects(send(`${other.url}/secret`, { ...pinned, url: other.url }), (error) => {
    assert.ok(error instanceof ConnectionError && error.untrustedOrigin === other.url);
    assert.ok(!error.message.includes("/secret"));
    return true;
  });
  assert.equal(other.bytes(), 0);
  await assert.rejects(send("http://127.0.0.1:1/bytes", pinned), /speaks TLS only/);
});
