import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { portErrorWith } from "@contentlib/testkit/errors/port-error-with";
import {
  loadOrCreateKeyPair,
  makeKeyPair,
  ownKeyPairFiles,
  renewCertificate,
} from "./own-key-pair.ts";
import type { KeyPairFiles } from "./read-key-pair.ts";

const folder = mkdtempSync(join(tmpdir(), "contentlib-own-"));
after(() => rmSync(folder, { recursive: true }));

const WISH = { names: ["lib.example", "localhost"], now: Date.UTC(2026, 0, 1) };

const directory = (name: string): KeyPairFiles => {
  mkdirSync(join(folder, name));
  return ownKeyPairFiles(join(folder, name));
};

test("a pair is made once, for its owner alone, and stays what it is at every start", async () => {
  const files = directory("once");
  const first = await loadOrCreateKeyPair(files, WISH);
  assert.deepEqual(first.facts.names, WISH.names);
  for (const path of [files.certFile, files.keyFile])
    assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(join(folder, "once")).toSorted(), [
    "tls-certificate.pem",
    "tls-key.pem",
  ]);
  const later = { names: ["another"], now: WISH.now + 1e12 };
  assert.deepEqual(await loadOrCreateKeyPair(files, later), first);
});

test("a renewed certificate is of the same key, so that pins stay", async () => {
  const files = directory("renewed");
  const first = await loadOrCreateKeyPair(files, WISH);
  const renewed = await renewCertificate(files, { names: ["new"], now: WISH.now + 1_000 });
  assert.equal(renewed.keyPem, first.keyPem);
  assert.equal(renewed.facts.pin, first.facts.pin);
  assert.notEqual(renewed.facts.sha256, first.facts.sha256);
  assert.deepEqual(renewed.facts.names, ["new"]);
  assert.deepEqual(await loadOrCreateKeyPair(files, WISH), renewed);
});

test("a lost certificate is made anew of the same key; a lost key is not made up for", async () => {
  const files = directory("lost");
  const first = await loadOrCreateKeyPair(files, WISH);
  rmSync(files.certFile);
  const again = await loadOrCreateKeyPair(files, WISH);
  assert.equal(again.facts.pin, first.facts.pin);
  const text = readFileSync(files.certFile, "utf8");
  rmSync(files.keyFile);
  await assert.rejects(loadOrCreateKeyPair(files, WISH), portErrorWith("absent"));
  await assert.rejects(renewCertificate(files, WISH), portErrorWith("absent"));
  assert.equal(readFileSync(files.certFile, "utf8"), text);
});

test("a key that is damaged, or of another kind, is corrupt and the certificate stays", async () => {
  const files = directory("damaged");
  await loadOrCreateKeyPair(files, WISH);
  const text = readFileSync(files.certFile, "utf8");
  const rsa = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  for (const key of ["", rsa.privateKey]) {
    writeFileSync(files.keyFile, key);
    await assert.rejects(renewCertificate(files, WISH), portErrorWith("corrupt"));
    await assert.rejects(loadOrCreateKeyPair(files, WISH), portErrorWith("corrupt"));
  }
  assert.equal(readFileSync(files.certFile, "utf8"), text);
});

test("a pair that lies in no file is another one each time", async () => {
  const [one, other] = [await makeKeyPair(WISH), await makeKeyPair(WISH)];
  assert.deepEqual(one.facts.names, WISH.names);
  assert.notEqual(one.facts.pin, other.facts.pin);
});
