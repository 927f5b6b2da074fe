import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CERTIFICATE_CHARACTERS_MAX, messageOf } from "@contentlib/contract/vocabulary";
import { certificateUnreadable, checkCertificateText } from "./trusted-certificate.ts";

const block = (label = "CERTIFICATE", body = "AAAA") =>
  `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;

const reasonOf = (text: string): string | undefined => checkCertificateText(text)?.args[0];

test("one block may be a certificate", () => {
  for (const text of [block(), `\n ${block()}\n`, block().replaceAll("\n", "\r\n")])
    assert.equal(checkCertificateText(text), null);
});

describe("what can not be one certificate", () => {
  for (const [text, expected] of [
    ["", /no line -----BEGIN CERTIFICATE-----/],
    ["AAAA", /no line/],
    [block() + block(), /2 blocks/],
    [block() + block("PRIVATE KEY"), /2 blocks/],
    [block("PRIVATE KEY", "c2VjcmV0"), /a block named PRIVATE KEY/],
    [block("CERTIFICATE", "A".repeat(CERTIFICATE_CHARACTERS_MAX)), /at most 32768 are allowed/],
  ] as const) {
    test(String(expected), () => {
      assert.match(reasonOf(text) ?? "", expected);
      assert.doesNotMatch(reasonOf(text) ?? "", /c2VjcmV0/);
    });
  }

  test("the limit itself is allowed", () => {
    const text = block("CERTIFICATE", "");
    const longest = block("CERTIFICATE", "A".repeat(CERTIFICATE_CHARACTERS_MAX - text.length));
    assert.equal(longest.length, CERTIFICATE_CHARACTERS_MAX);
    assert.equal(checkCertificateText(longest), null);
    assert.notEqual(checkCertificateText(`${longest} `), null);
  });
});

test("the refusals are whole sentences", () => {
  const text =
    "The cert_text must be one PEM block that holds an X.509 certificate: what it holds can not be read as one, or there is something before or after the block.";
  assert.equal(messageOf(certificateUnreadable()).default_message, text);
});
