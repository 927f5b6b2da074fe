import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pemOf } from "@contentlib/testkit/ovf/signer-certificate";
import fc from "fast-check";
import type { FindingCode } from "../finding-codes.ts";
import type { Finding } from "../finding.ts";
import { CERTIFICATE_BYTES_MAX, PEM_BLOCK_BYTES_MAX, PEM_BLOCKS_MAX } from "../limits.ts";
import type { CertificateFile } from "./certificate-file.ts";
import { CertificateReader } from "./certificate-reader.ts";

const DER = Uint8Array.from([1, 2, 3]);
const PEM = pemOf(DER);
const LINE = `SHA256(x.mf)= ${"0a".repeat(256)}`;

interface Read {
  readonly file: CertificateFile | null;
  readonly findings: readonly Finding[];
}

const read = (text: string | Uint8Array, step = 4096): Read => {
  const findings: Finding[] = [];
  const reader = new CertificateReader("x.cert", (finding) => void findings.push(finding));
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += step) reader.write(bytes.subarray(at, at + step));
  return { file: reader.end(), findings };
};

const accepts = (text: string | Uint8Array): CertificateFile => {
  const { file, findings } = read(text);
  assert.deepEqual(findings, []);
  return file ?? assert.fail();
};

const refuses = (text: string, ...codes: FindingCode[]): readonly Finding[] => {
  const { file, findings } = read(text);
  assert.equal(file, null);
  assert.deepEqual(
    findings.map(({ code }) => code),
    codes,
  );
  return findings;
};

test("a signature and a certificate are read, however the bytes are cut", () => {
  for (const step of [1, 7, 4096]) {
    const { file, findings } = read(`${LINE}\n${PEM}`, step);
    assert.deepEqual(findings, []);
    assert.deepEqual(file, {
      fileName: "x.cert",
      signedName: "x.mf",
      algorithm: "SHA256",
      signature: new Uint8Array(256).fill(10),
      line: 1,
      certificates: [DER],
    });
  }
});

describe("the line of the signature", () => {
  test("is read in every style", () => {
    for (const [line, algorithm] of [
      ["SHA1(x.mf)= 0A0b", "SHA1"],
      ["SHA2-256(x.mf)= 0A0b", "SHA256"],
      ["sha256 (x.mf) = 0A0b", "SHA256"],
      ["SHA384(x.mf)=0A0b", "SHA384"],
      ["SHA-512\t(x.mf)\t=\t0A0b\t", "SHA512"],
    ] as const) {
      const file = accepts(`\uFEFF\r\n# a comment\r\n${line}\r\n${PEM.replaceAll("\n", "\r\n")}`);
      assert.deepEqual([file.algorithm, file.signedName, file.line], [algorithm, "x.mf", 3]);
      assert.deepEqual([...file.signature], [10, 11]);
    }
  });
  test("has names with anything in them, in UTF-8 or Latin-1", () => {
    const nameIn = (text: string | Uint8Array): string => accepts(text).signedName;
    assert.equal(nameIn(`SHA256(a (1)=b.mf)= 0a\n${PEM}`), "a (1)=b.mf");
    assert.equal(nameIn(`SHA256(ü.mf)= 0a\n${PEM}`), "ü.mf");
    assert.equal(nameIn(Buffer.from(`SHA256(ü.mf)= 0a\n${PEM}`, "latin1")), "ü.mf");
  });
  test("may stand behind the certificate; the first one holds", () => {
    const file = accepts(`text\n${PEM}more\n${LINE}\nSHA1(y.mf)= 00\n`);
    assert.deepEqual([file.signedName, file.line], ["x.mf", 6]);
  });
  test("is missing", () => {
    for (const line of [
      "",
      "SHA256(x.mf)",
      "SHA256(x.mf)= xyz",
      "SHA256(x.mf)= abc",
      "SHA256)x.mf(= 00",
    ])
      refuses(`${line}\n${PEM}`, "certificate.no_signature");
    refuses(`SHA256(x.mf)= ${"00".repeat(2049)}\n${PEM}`, "certificate.no_signature");
    accepts(`SHA256(x.mf)= ${"00".repeat(2048)}\n${PEM}`);
    refuses(pemOf(Buffer.from(LINE)), "certificate.no_signature");
  });
  test("is of an unknown algorithm", () => {
    const [finding] = refuses(`\nMD5(x.mf)= 00\n${PEM}`, "certificate.algorithm_unknown");
    assert.deepEqual([finding?.actual, finding?.place], ["MD5", { line: 2 }]);
  });
});

describe("certificates", () => {
  test("are read in order; other blocks are passed over", () => {
    const others = ["X509 CERTIFICATE", "PKCS7", "RSA PRIVATE KEY", "TRUSTED CERTIFICATE"];
    const blocks = others.map((label, at) => pemOf(Uint8Array.of(at), label)).join("text\n");
    const file = accepts(`${LINE}\n${PEM}${blocks}`);
    assert.deepEqual(file.certificates, [DER, Uint8Array.of(0)]);
  });
  test("are missing", () => {
    refuses(LINE, "certificate.no_certificate");
    refuses(`${LINE}\n${pemOf(DER, "PKCS7")}`, "certificate.no_certificate");
    refuses("", "certificate.no_signature", "certificate.no_certificate");
  });
  test("are damaged", () => {
    const cut = `${LINE}\n${PEM}-----BEGIN CERTIFICATE-----\nAAAA\n`;
    const [finding] = refuses(cut, "certificate.unreadable");
    assert.deepEqual(finding?.place, { line: 5 });
    refuses(`${cut}${PEM}`, "certificate.unreadable");
    refuses(`${LINE}\n${PEM.replace("AQID", "A!ID")}`, "certificate.unreadable");
  });
  test("are not too many", () => {
    accepts(`${LINE}\n${PEM.repeat(PEM_BLOCKS_MAX)}`);
    refuses(`${LINE}\n${PEM.repeat(PEM_BLOCKS_MAX + 1)}`, "certificate.too_many_blocks");
  });
  test("are not too large", () => {
    const block = (bytes: number): string =>
      `-----BEGIN CERTIFICATE-----\n${"A".repeat(bytes)}\n-----END CERTIFICATE-----\n`;
    accepts(`${LINE}\n${block(PEM_BLOCK_BYTES_MAX)}`);
    refuses(`${LINE}\n${block(PEM_BLOCK_BYTES_MAX + 4)}`, "certificate.block_too_large");
  });
});

test("the file is not too large; what is beyond is not kept", () => {
  const text = `${LINE}\n${PEM}`;
  accepts(text.padEnd(CERTIFICATE_BYTES_MAX));
  const [finding, ...more] = refuses(
    text.padEnd(CERTIFICATE_BYTES_MAX * 3),
    "certificate.too_large",
  );
  assert.deepEqual([finding?.expected, more.length], [String(CERTIFICATE_BYTES_MAX), 0]);
});

test("what is no certificate file never throws", () => {
  const piece = fc.constantFrom(
    "-----BEGIN ",
    "-----END ",
    "CERTIFICATE",
    "-----",
    "\n",
    "(",
    ")",
    "=",
    "SHA256",
    "00",
    "\0",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }), (parts) => {
      read(parts.join(""));
    }),
  );
});
