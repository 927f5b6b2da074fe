import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { CERTIFICATE_CHARACTERS_MAX, isFault } from "@contentlib/contract/vocabulary";
import { A_CERTIFICATE } from "@contentlib/testkit/builders/certificates";
import { NodeCertificateReader } from "../adapters/certificates/node-certificate-reader.ts";
import type { PinWish } from "./remote-pin.ts";
import { parseRemotePin } from "./remote-pin.ts";

const READER = new NodeCertificateReader();
const member = (text: string, name = "m") => ({ member: name, text });
const SHA256 = createHash("sha256").update("key").digest();
const SHA1 = createHash("sha1").update("key").digest("hex");
const pairs = (hex: string): string => (hex.match(/../g) ?? []).join(":");

test("prints are read in any usual spelling", () => {
  for (const text of [SHA1, SHA1.toUpperCase(), pairs(SHA1), ` ${pairs(SHA1.toUpperCase())}\n`])
    assert.deepEqual(parseRemotePin({ thumbprint: member(text) }), {
      kind: "thumbprint",
      digest: SHA1,
    });
  const digest = SHA256.toString("hex");
  for (const text of [digest, pairs(digest.toUpperCase())])
    assert.deepEqual(parseRemotePin({ thumbprint: member(text) }), { kind: "thumbprint", digest });
  const base64 = SHA256.toString("base64");
  for (const text of [digest, pairs(digest), `sha256//${base64}`, `sha256//${base64.slice(0, 43)}`])
    for (const [name, kind] of [
      ["key", "key"],
      ["authority", "authority"],
    ] as const)
      assert.deepEqual(parseRemotePin({ [name]: member(text) }), { kind, digest }, text);
  assert.deepEqual(parseRemotePin({ certificate: member(A_CERTIFICATE.pem) }, READER), {
    kind: "certificate",
    pem: A_CERTIFICATE.pem,
  });
});

test("every digest survives its Base64", () => {
  for (let index = 0; index < 200; index += 1) {
    const digest = createHash("sha256").update(String(index)).digest();
    assert.deepEqual(parseRemotePin({ key: member(`sha256//${digest.toString("base64")}`) }), {
      kind: "key",
      digest: digest.toString("hex"),
    });
  }
});

test("nothing, or empty texts, are no pin", () => {
  assert.equal(parseRemotePin({}), null);
  const empty = member("  ");
  const wish = { certificate: empty, thumbprint: empty, key: empty, authority: empty };
  assert.equal(parseRemotePin(wish), null);
});

test("a certificate wins over a thumbprint, and else only one can be meant", () => {
  const certificate = member(A_CERTIFICATE.pem, "c");
  const thumbprint = member("not read", "t");
  const key = member(SHA256.toString("hex"), "k");
  const first = parseRemotePin({ certificate, thumbprint }, READER);
  assert.ok(first !== null && !isFault(first));
  assert.equal(first.kind, "certificate");
  for (const wish of [
    { certificate, key },
    { thumbprint: member(SHA1, "t"), key },
    { key, authority: key },
  ]) {
    const fault = parseRemotePin(wish);
    assert.ok(isFault(fault));
    assert.match(fault.args[1] ?? "", /stands beside \w: give one of them/);
  }
});

test("what is none is refused with its member, and is not repeated", () => {
  const digest = SHA256.toString("hex");
  const long = `-----BEGIN CERTIFICATE-----\n${"A".repeat(CERTIFICATE_CHARACTERS_MAX)}\n-----END CERTIFICATE-----`;
  const cases: readonly PinWish[] = [
    { thumbprint: member("xyz") },
    { thumbprint: member(SHA1.slice(2)) },
    { thumbprint: member(`${digest}00`) },
    { thumbprint: member(`sha256//${SHA256.toString("base64")}`) },
    { key: member(SHA1) },
    { key: member("sha256//short") },
    // Its last sign has bits that a digest does not have.
    { key: member(`sha256//${"A".repeat(42)}B`) },
    { authority: member("nothing") },
    { certificate: member("no PEM") },
    { certificate: member(long) },
    { certificate: member(`${A_CERTIFICATE.pem}${A_CERTIFICATE.pem}`) },
    { certificate: member("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----") },
  ];
  assert.ok(isFault(parseRemotePin({ certificate: member(A_CERTIFICATE.pem) })));
  for (const wish of cases) {
    const fault = parseRemotePin(wish, READER);
    assert.ok(isFault(fault), JSON.stringify(wish));
    assert.equal(fault.fault, "request.invalid_member");
    assert.equal(fault.args[0], "m");
  }
});
