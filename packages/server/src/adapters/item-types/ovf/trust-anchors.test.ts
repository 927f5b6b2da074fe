import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { test } from "node:test";
import { aSignerCertificate } from "@contentlib/testkit/ovf/signer-certificate";
import { TrustAnchors } from "./trust-anchors.ts";

const ROOT = aSignerCertificate({ commonName: "root", authority: true });
const LEAF = aSignerCertificate({ commonName: "leaf", issuer: ROOT });
const OTHER = aSignerCertificate({ commonName: "other" });

test("those are handed on that a path can end at: the issuer, and a certificate itself", () => {
  const anchors = new TrustAnchors();
  const trusted = [ROOT.pem, LEAF.pem, OTHER.pem];
  const found = anchors.forFile([LEAF.der], trusted).map((der) => Buffer.from(der));
  assert.deepEqual(found, [ROOT.der, LEAF.der]);
  assert.deepEqual(anchors.forFile([LEAF.der], []), []);
});

test("the roots that the server carries are among them", () => {
  const [pem = ""] = rootCertificates;
  const root = new X509Certificate(pem);
  const found = new TrustAnchors().forFile([root.raw], []);
  assert.ok(found.some((der) => root.raw.equals(der)));
});

test("what is no certificate leads to nobody, and disturbs nobody", () => {
  const anchors = new TrustAnchors();
  assert.deepEqual(anchors.forFile([Buffer.from("no certificate")], ["nor this"]), []);
  assert.equal(anchors.forFile([Buffer.from("x"), LEAF.der], ["nor this", ROOT.pem]).length, 1);
});
