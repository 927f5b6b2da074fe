import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { isPinned, keyPrintOf, parsePin, pinText, printLike } from "./certificate-pin.ts";

const identity = aTlsIdentity();
const certificate = new X509Certificate(identity.certPem);
const renewed = new X509Certificate(aTlsIdentity({ keyPem: identity.keyPem }).certPem);
const other = new X509Certificate(aTlsIdentity().certPem);

test("the print of a key outlives its certificate, and is no other key's", () => {
  assert.match(keyPrintOf(certificate), /^sha256\/\/[A-Za-z0-9+/]{43}=$/);
  assert.equal(keyPrintOf(renewed), keyPrintOf(certificate));
  assert.notEqual(keyPrintOf(other), keyPrintOf(certificate));
});

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

test("it is what openssl finds", { skip: !hasOpenssl && "there is no openssl here" }, () => {
  const line =
    "openssl x509 -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | openssl base64";
  const { stdout } = spawnSync("sh", ["-c", line], { input: identity.certPem });
  assert.equal(keyPrintOf(certificate), `sha256//${stdout.toString().trim()}`);
});

test("a pin is the print of a key, or the SHA-256 of a certificate in any of its spellings", () => {
  const colons = certificate.fingerprint256;
  const digits = colons.replaceAll(":", "");
  for (const text of [colons, digits, digits.toLowerCase(), colons.toLowerCase(), ` ${colons}\n`]) {
    const pin = parsePin(text);
    assert.equal(pin.kind, "certificate");
    assert.equal(pinText(pin), colons);
    assert.equal(printLike(other, pin), other.fingerprint256);
    assert.deepEqual(
      [certificate, renewed, other].map((one) => isPinned(one, pin)),
      [true, false, false],
    );
  }
  const print = keyPrintOf(certificate);
  for (const text of [print, print.replace("=", "")]) {
    const pin = parsePin(text);
    assert.equal(pin.kind, "key");
    assert.equal(pinText(pin), print);
    assert.equal(printLike(other, pin), keyPrintOf(other));
    assert.deepEqual(
      [certificate, renewed, other].map((one) => isPinned(one, pin)),
      [true, true, false],
    );
  }
});

test("a SHA-1 is refused with the reason, and what is no print at all with what one looks like", () => {
  const sha1 = certificate.fingerprint;
  for (const text of [sha1, sha1.replaceAll(":", "").toLowerCase()]) {
    assert.throws(() => parsePin(text), { name: "TypeError", message: /SHA-1.*forged.*SHA-256/ });
  }
  const digits = certificate.fingerprint256.replaceAll(":", "");
  const print = keyPrintOf(certificate);
  for (const text of ["", "x", digits.slice(1), `${digits}0`, digits.replace(/./, "g")]) {
    assert.throws(() => parsePin(text), { name: "TypeError", message: /is no fingerprint/ });
  }
  for (const text of ["sha256//", print.slice(0, -2), `${print}A`, print.replace(/.=$/, "*=")]) {
    assert.throws(() => parsePin(text), { name: "TypeError", message: /is no key print/ });
  }
});
