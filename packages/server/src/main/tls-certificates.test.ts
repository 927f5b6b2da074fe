import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { parseCertificateName } from "../adapters/tls/certificate-name.ts";
import { loadOrCreateKeyPair, ownKeyPairFiles } from "../adapters/tls/own-key-pair.ts";
import { StartError } from "./start-error.ts";
import {
  renewServerCertificate,
  showCertificate,
  showServerCertificate,
} from "./tls-certificates.ts";

const folder = mkdtempSync(join(tmpdir(), "contentlib-certificates-"));
after(() => rmSync(folder, { recursive: true }));

const files = ownKeyPairFiles(folder);
const pair = await loadOrCreateKeyPair(files, { names: ["lib.example"], now: 0 });
const where = { data: folder, env: {} };

const isStartError = (sentence: RegExp) => (error: unknown) => {
  assert.ok(error instanceof StartError, String(error));
  assert.match(error.message, sentence);
  return true;
};

test("a certificate is found in a directory that is named, in that of the settings, and in their file", async () => {
  const own = { file: files.certFile, facts: pair.facts };
  assert.deepEqual(await showServerCertificate(where), own);
  assert.deepEqual(await showServerCertificate({ env: { CONTENTLIB_DATA: folder } }), own);
  const env = { CONTENTLIB_TLS_CERT: files.certFile, CONTENTLIB_DATA: "/nowhere" };
  assert.deepEqual(await showServerCertificate({ env }), own);
  assert.deepEqual(await showCertificate(files.certFile), own);
});

test("a renewed certificate is of the same key, for the names it had, the machine's and those that are given", async () => {
  const host = parseCertificateName(hostname());
  const { file, facts } = await renewServerCertificate(["New.Example", "10.0.0.9"], where);
  assert.equal(file, files.certFile);
  assert.equal(facts.pin, pair.facts.pin);
  assert.notEqual(facts.sha256, pair.facts.sha256);
  const wanted = ["lib.example", "new.example", "10.0.0.9", host, "localhost", "127.0.0.1", "::1"];
  assert.deepEqual(facts.names, [...new Set(wanted.filter((name) => name !== null))]);
  assert.deepEqual((await showServerCertificate(where)).facts, facts);
});

test("what is not there, or is none, is said and changes nothing", async () => {
  const before = readFileSync(files.certFile, "utf8");
  const none = { data: join(folder, "none"), env: {} };
  await assert.rejects(showServerCertificate(none), isStartError(/serve --tls self-signed --data/));
  await assert.rejects(renewServerCertificate([], none), isStartError(/serve --tls self-signed/));
  await assert.rejects(
    renewServerCertificate(["*.example"], where),
    isStartError(/"\*\.example" is no name for a certificate/),
  );
  await assert.rejects(showCertificate(folder), isStartError(/can not be read \(EISDIR\)/));
  await assert.rejects(showCertificate(files.keyFile), isStartError(/holds no certificate/));
  const env = { CONTENTLIB_TLS_CERT: join(folder, "none.pem") };
  await assert.rejects(showServerCertificate({ env }), isStartError(/none\.pem .*\(ENOENT\)/));
  assert.equal(readFileSync(files.certFile, "utf8"), before);
  const key = readFileSync(files.keyFile);
  writeFileSync(files.keyFile, "damaged");
  await assert.rejects(renewServerCertificate([], where), isStartError(/holds no private key/));
  rmSync(files.keyFile);
  await assert.rejects(
    renewServerCertificate([], where),
    isStartError(/tls-key\.pem is not there/),
  );
  writeFileSync(files.keyFile, key);
  assert.equal(readFileSync(files.certFile, "utf8"), before);
  writeFileSync(files.certFile, "damaged");
  await assert.rejects(renewServerCertificate([], where), isStartError(/holds no certificate/));
});
