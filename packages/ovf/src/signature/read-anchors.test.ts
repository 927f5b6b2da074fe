import assert from "node:assert/strict";
import { test } from "node:test";
import { aSignerCertificate } from "@contentlib/testkit/ovf/signer-certificate";
import { MIDDLE, ROOT, SIGNER } from "@contentlib/testkit/ovf/signer-rig";
import { readAnchors } from "./read-anchors.ts";
import { readCertificate } from "./read-certificate.ts";

const OTHERS = ["one", "two", "three"].map((commonName) => aSignerCertificate({ commonName }).der);

const anchorsOf = (
  offered: readonly Uint8Array[],
  trusted: readonly Uint8Array[],
): readonly string[] =>
  readAnchors(
    trusted,
    offered.map(readCertificate).filter((read) => "der" in read),
  ).map(({ subject }) => subject);

test("of many that are trusted those are read that can be on the path, at whichever depth", () => {
  const trusted = [...OTHERS, ROOT.der, MIDDLE.der, ...OTHERS];
  assert.deepEqual(anchorsOf([SIGNER.der], trusted), ["/CN=middle", "/CN=root"]);
  assert.deepEqual(anchorsOf([SIGNER.der, MIDDLE.der], [...OTHERS, ROOT.der]), ["/CN=root"]);
  assert.deepEqual(anchorsOf([SIGNER.der], OTHERS), []);
});

test("a certificate that is trusted for itself is among them", () => {
  assert.deepEqual(anchorsOf([SIGNER.der], [...OTHERS, SIGNER.der]), ["/CN=signer"]);
  const self = aSignerCertificate({ commonName: "self" });
  assert.deepEqual(anchorsOf([self.der], [self.der]), ["/CN=self"]);
});

test("what can not be read is left out", () => {
  assert.deepEqual(anchorsOf([MIDDLE.der], [ROOT.der.subarray(0, -9), new Uint8Array()]), []);
  assert.deepEqual(anchorsOf([], [ROOT.der]), []);
});
