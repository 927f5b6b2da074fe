import assert from "node:assert/strict";
import { createServer } from "node:https";
import { createServer as createPlainServer } from "node:http";
import type { Server } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { createClient } from "./client.ts";
import { ConnectionError, ProtocolError } from "./errors.ts";
import { systemOf } from "./system.ts";
import { connectionError, exchange } from "./transport.ts";

async function portOf(t: TestContext, server: Server): Promise<number> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

const list = async (url: string): Promise<unknown> =>
  await createClient({ url, loginId: "x", retriesMax: 0 }).library.list();

test("a certificate that is not trusted is told in words, with the address, and not tried again", async (t) => {
  const identity = aTlsIdentity();
  let handshakes = 0;
  const server = createServer({ cert: identity.certPem, key: identity.keyPem });
  server.on("connection", () => (handshakes += 1));
  const url = `https://127.0.0.1:${await portOf(t, server)}`;
  const client = createClient({ url, loginId: "x", retriesMax: 3 });
  await assert.rejects(client.library.list(), (error) => {
    assert.ok(error instanceof ConnectionError);
    assert.equal(error.message, `${url} is not trusted: its certificate is self-signed.`);
    assert.equal(error.untrustedOrigin, url);
    return true;
  });
  assert.equal(handshakes, 1);
});

test("a server that has answered is not said to speak TLS when it closes a connection later", async (t) => {
  let isUp = true;
  const server = createPlainServer((request, response) => {
    if (isUp) response.end('["a"]');
    else request.socket.destroy();
  });
  const url = `http://127.0.0.1:${await portOf(t, server)}`;
  assert.deepEqual(await list(url), ["a"]);
  isUp = false;
  await assert.rejects(list(url), (error) => {
    assert.ok(error instanceof ConnectionError);
    assert.match(error.message, /^The connection to http:\/\/127\.0\.0\.1:\d+ broke: .*\.$/);
    assert.doesNotMatch(error.message, /TLS/);
    return true;
  });
});

test("http where TLS is spoken, and TLS where it is not, are told as such", async (t) => {
  const identity = aTlsIdentity();
  const secure = createServer({ cert: identity.certPem, key: identity.keyPem });
  const plain = createPlainServer((_request, response) => response.end());
  await assert.rejects(
    list(`http://127.0.0.1:${await portOf(t, secure)}`),
    /the other side closed it without a word \(if it speaks TLS, its address begins with https:\/\/\)\.$/,
  );
  await assert.rejects(
    list(`https://127.0.0.1:${await portOf(t, plain)}`),
    /can not be reached: what listens there does not speak TLS, so its address begins with http:/,
  );
});

test("a server that speaks only what TLS was before 1.2 is told as one", async (t) => {
  const identity = aTlsIdentity();
  const old = createServer({
    cert: identity.certPem,
    key: identity.keyPem,
    minVersion: "TLSv1",
    maxVersion: "TLSv1.1",
    ciphers: "DEFAULT@SECLEVEL=0",
  });
  old.on("tlsClientError", () => undefined);
  await assert.rejects(
    list(`https://127.0.0.1:${await portOf(t, old)}`),
    /can not be reached: it speaks no version of TLS from 1\.2 on/,
  );
});

test("each code of a chain check has words, and only those are a matter of trust", () => {
  const errorOf = (code: string): ConnectionError =>
    connectionError(
      "https://library.example.org/secret",
      new TypeError("fetch failed", { cause: Object.assign(new Error("raw words"), { code }) }),
      {},
    );
  for (const [code, words] of [
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "a root that this machine does not know"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "who issued"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "who issued"],
    ["CERT_HAS_EXPIRED", "has expired"],
    ["CERT_NOT_YET_VALID", "not valid yet"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "for other names"],
    ["CERT_UNTRUSTED", "CERT_UNTRUSTED"],
  ] as const) {
    const { message, untrustedOrigin } = errorOf(code);
    assert.ok(message.startsWith("https://library.example.org is not trusted: "), message);
    assert.ok(message.includes(words), message);
    assert.equal(untrustedOrigin, "https://library.example.org");
  }
  assert.match(errorOf("ERR_SSL_X").message, / broke: TLS failed with ERR_SSL_X\.$/);
  for (const code of ["ECONNRESET", "ECONNREFUSED", "EPROTO", "ERR_TLS_HANDSHAKE_TIMEOUT"])
    assert.equal(errorOf(code).untrustedOrigin, undefined, code);
});

test("a 404 in plain text is an answer, unless it is one to a login", async () => {
  const replyTo = async (operation: string, type: string) =>
    await exchange(
      systemOf(async () => {
        const headers = { "content-type": type };
        return await Promise.resolve(
          new Response("404 page not found\n", { status: 404, headers }),
        );
      }),
      { operation, method: "GET", url: "http://h/", headers: {}, timeoutMs: 1_000 },
    );
  const { status, body } = await replyTo("item.get", "text/plain; charset=utf-8");
  assert.deepEqual([status, body], [404, undefined]);
  await assert.rejects(replyTo("login.create", "text/plain"), ProtocolError);
  await assert.rejects(replyTo("item.get", "text/html"), ProtocolError);
});
