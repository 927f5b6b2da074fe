import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { PortErrorKind } from "../../ports/port-error.ts";
import { PortError } from "../../ports/port-error.ts";
import { makeCertificate } from "./make-certificate.ts";
import { makePrivateKey } from "./make-private-key.ts";
import { readKeyPair } from "./read-key-pair.ts";

const folder = mkdtempSync(join(tmpdir(), "contentlib-pair-"));
after(() => rmSync(folder, { recursive: true }));

const keyPem = makePrivateKey();
const certPem = await makeCertificate({ keyPem, names: ["lib.example"], now: 0 });
const otherKeyPem = makePrivateKey();
const otherCertPem = await makeCertificate({ keyPem: otherKeyPem, names: ["other"], now: 0 });
const encrypted = (format: "pkcs8" | "sec1"): string =>
  createPrivateKey(keyPem)
    .export({ type: format, format: "pem", cipher: "aes-256-cbc", passphrase: "secret" })
    .toString();

const certFile = join(folder, "cert.pem");
const keyFile = join(folder, "key.pem");
const files = { certFile, keyFile };

const read = async (cert: string | null, key: string | null): ReturnType<typeof readKeyPair> => {
  for (const [path, text] of [
    [certFile, cert],
    [keyFile, key],
  ] as const) {
    rmSync(path, { force: true, recursive: true });
    if (text !== null) writeFileSync(path, text);
  }
  return await readKeyPair(files);
};

const refused = async (cert: string | null, key: string | null): Promise<PortError> => {
  try {
    await read(cert, key);
  } catch (error) {
    assert.ok(error instanceof PortError, String(error));
    assert.equal(error.message.includes("\n"), false);
    return error;
  }
  return assert.fail("it was read");
};

test("a pair is read with its chain, in both forms of keys, and from one file for both", async () => {
  const chain = `Some text before\r\n${certPem}${otherCertPem}`;
  const pair = await read(chain, keyPem);
  assert.deepEqual([pair.certPem, pair.keyPem], [chain, keyPem]);
  assert.deepEqual(pair.facts.names, ["lib.example"]);
  const sec1 = createPrivateKey(keyPem).export({ type: "sec1", format: "pem" }).toString();
  assert.equal((await read(certPem, sec1)).keyPem, sec1);
  const both = `${keyPem}${certPem}`;
  assert.deepEqual((await read(both, both)).facts, pair.facts);
});

test("what is wrong with a file is said, with its name", async () => {
  const cases: readonly (readonly [
    cert: string | null,
    key: string | null,
    kind: PortErrorKind,
    sentence: RegExp,
  ])[] = [
    [null, keyPem, "absent", /^The certificate file .*cert\.pem is not there\.$/],
    [certPem, null, "absent", /^The key file .*key\.pem is not there\.$/],
    ["", keyPem, "corrupt", /cert\.pem holds no certificate in PEM form/],
    [keyPem, keyPem, "corrupt", /cert\.pem holds no certificate in PEM form/],
    [certPem, certPem, "corrupt", /key\.pem holds no private key in PEM form/],
    [certPem.slice(0, 200), keyPem, "corrupt", /cert\.pem holds no certificate/],
    [
      certPem.replace(/\n.{40}/, "\n"),
      keyPem,
      "corrupt",
      /Certificate 1 in .*cert\.pem is damaged/,
    ],
    [`${certPem}${certPem.replace(/\n.{40}/, "\n")}`, keyPem, "corrupt", /Certificate 2 in/],
    [certPem.repeat(101), keyPem, "corrupt", /more than 100 certificates/],
    [certPem.repeat(2_000), keyPem, "corrupt", /certificate file .*cert\.pem is too long/],
    [certPem, keyPem.replace(/\n.{8}/, "\n"), "corrupt", /key in the file .*key\.pem is damaged/],
    [certPem, encrypted("pkcs8"), "corrupt", /key\.pem is encrypted.*openssl pkey -in/],
    [certPem, encrypted("sec1"), "corrupt", /key\.pem is encrypted.*openssl pkey -in/],
    [certPem, otherKeyPem, "corrupt", /key\.pem does not belong to the certificate in .*cert\.pem/],
    [`${otherCertPem}${certPem}`, keyPem, "corrupt", /wrong order: .* it is number 2\.$/],
  ];
  for (const [cert, key, kind, sentence] of cases) {
    const error = await refused(cert, key);
    assert.match(error.message, sentence);
    assert.equal(error.kind, kind, error.message);
    const secret = keyPem.split("\n")[1] ?? "";
    assert.equal(String(error.stack).includes(secret), false);
  }
});

test("what is no plain file, or in a folder that is a file, is not read", async () => {
  rmSync(certFile, { force: true, recursive: true });
  mkdirSync(certFile);
  writeFileSync(keyFile, keyPem);
  await assert.rejects(readKeyPair(files), /certificate file .*cert\.pem is no plain file/);
  rmSync(certFile, { recursive: true });
  writeFileSync(certFile, certPem);
  const below = { certFile, keyFile: join(certFile, "key.pem") };
  await assert.rejects(readKeyPair(below), /key file .* is not there/);
});
