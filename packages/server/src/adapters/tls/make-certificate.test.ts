import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { connect, createServer } from "node:tls";
import { ManualClock } from "../clock/manual-clock.ts";
import { SystemClock } from "../clock/system-clock.ts";
import { readCertificateFacts } from "./certificate-facts.ts";
import { makeCertificate } from "./make-certificate.ts";
import { makePrivateKey } from "./make-private-key.ts";

const NAMES = ["lib.example", "localhost", "127.0.0.1", "::1"];
const DAY_MS = 86_400_000;
const keyPem = makePrivateKey();

/** The length of a serial number and its sign: the DER of a certificate begins with its own head, the version, and then this. */
const serialOf = (certPem: string): string => new X509Certificate(certPem).serialNumber;

test("the certificate says what it should, and is signed by its own key", async () => {
  const now = new ManualClock().now() + 999;
  const certPem = await makeCertificate({ keyPem, names: NAMES, now });
  const certificate = new X509Certificate(certPem);
  assert.equal(certificate.subject, "CN=lib.example");
  assert.equal(certificate.issuer, certificate.subject);
  assert.equal(certificate.ca, false);
  assert.deepEqual(certificate.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
  assert.equal(certificate.verify(certificate.publicKey), true);
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
  const facts = readCertificateFacts(certPem);
  assert.deepEqual(facts.names, NAMES);
  assert.equal(facts.validFrom, now - 999 - DAY_MS);
  assert.equal(facts.expiresAt, now - 999 + 824 * DAY_MS);
});

test("serial numbers are positive, of 16 bytes, and differ", async () => {
  const serials = await Promise.all(
    Array.from({ length: 20 }, async () =>
      serialOf(await makeCertificate({ keyPem, names: NAMES, now: 0 })),
    ),
  );
  for (const serial of serials) assert.match(serial, /^[4-7][0-9A-F]{31}$/);
  assert.equal(new Set(serials).size, serials.length);
});

test("times beyond 2049 and subjects longer than allowed are encoded as the standard wants", async () => {
  const long = `${"a".repeat(60)}.lib.example`;
  const now = Date.UTC(2060, 0, 1);
  const certPem = await makeCertificate({ keyPem, names: [long, "localhost"], now });
  const facts = readCertificateFacts(certPem);
  assert.equal(facts.validFrom, now - DAY_MS);
  assert.deepEqual(facts.names, [long, "localhost"]);
  assert.equal(new X509Certificate(certPem).subject, "CN=localhost");
  const only = await makeCertificate({ keyPem, names: [long], now });
  assert.equal(new X509Certificate(only).subject, "CN=contentlib");
});

test("the key alone decides the pin, and the certificate its prints", async () => {
  const [one, other] = await Promise.all(
    [0, 1].map(async (now) =>
      readCertificateFacts(await makeCertificate({ keyPem, names: NAMES, now })),
    ),
  );
  assert.match(one?.pin ?? "", /^sha256\/\/[A-Za-z0-9+/]{43}=$/);
  assert.equal(one?.pin, other?.pin);
  assert.match(one?.sha1 ?? "", /^([0-9A-F]{2}:){19}[0-9A-F]{2}$/);
  assert.match(one?.sha256 ?? "", /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  assert.notEqual(one?.sha256, other?.sha256);
});

test("a client that trusts the certificate, and no other, reaches the server by each of its names", async () => {
  const cert = await makeCertificate({ keyPem, names: NAMES, now: new SystemClock().now() });
  const server = createServer({ cert, key: keyPem }, (socket) => socket.end("ready"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const heard = async (servername: string, ca: string[]): Promise<unknown> =>
    await new Promise((resolve) => {
      const socket = connect({ port, host: "127.0.0.1", servername, ca });
      socket.on("data", (text: Buffer) => resolve(text.toString()));
      socket.on("error", (error: Error & { code?: string }) => resolve(error.code));
    });
  assert.equal(await heard("lib.example", [cert]), "ready");
  assert.equal(await heard("localhost", [cert]), "ready");
  assert.equal(await heard("other.example", [cert]), "ERR_TLS_CERT_ALTNAME_INVALID");
  assert.equal(await heard("lib.example", []), "DEPTH_ZERO_SELF_SIGNED_CERT");
  server.close();
});
