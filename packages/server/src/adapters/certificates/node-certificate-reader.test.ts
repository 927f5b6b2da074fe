import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import { A_CERTIFICATE, ANOTHER_CERTIFICATE } from "@contentlib/testkit/builders/certificates";
import { NodeCertificateReader } from "./node-certificate-reader.ts";

const reader = new NodeCertificateReader();
const { pem, id } = A_CERTIFICATE;
const body = pem.split("\n").slice(1, -2).join("");
const blockOf = (base64: string): string =>
  `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;

describe("texts of one certificate are read alike", () => {
  for (const [what, text] of [
    ["as it is", pem],
    ["with CRLF", pem.replaceAll("\n", "\r\n")],
    ["with CR", pem.replaceAll("\n", "\r")],
    ["without the last line end", pem.trimEnd()],
    ["with white space around", `\r\n  ${pem}\n\n`],
    ["on one line", blockOf(body)],
    ["on short lines", blockOf(body.replaceAll(/.{10}/g, "$&\n"))],
  ] as const) {
    test(what, () => assert.deepEqual(reader.read(text), { id, certText: pem }));
  }
});

test("the id is that of the certificate", () => {
  assert.equal(reader.read(ANOTHER_CERTIFICATE.pem)?.id, ANOTHER_CERTIFICATE.id);
  assert.notEqual(id, ANOTHER_CERTIFICATE.id);
});

describe("anything else is none", () => {
  const { raw } = new X509Certificate(pem);
  for (const [what, text] of [
    ["nothing", ""],
    ["no block", body],
    ["two blocks", pem + pem],
    ["a certificate and more", `${pem}more`],
    ["more and a certificate", `more\n${pem}`],
    ["no end", pem.replace("-----END CERTIFICATE-----", "")],
    ["another kind", pem.replaceAll("CERTIFICATE", "PUBLIC KEY")],
    ["an empty block", blockOf("")],
    ["signs that are not base64", blockOf(body.replace("M", "*"))],
    ["bytes that are no certificate", blockOf("AAAA")],
    ["a certificate cut short", blockOf(raw.subarray(0, -1).toString("base64"))],
    ["bytes after the certificate", blockOf(Buffer.concat([raw, raw]).toString("base64"))],
    ["other bytes", blockOf(raw.subarray(100).toString("base64"))],
  ] as const) {
    test(what, () => assert.equal(reader.read(text), null));
  }
});
