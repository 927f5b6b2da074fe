import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import { A_CERTIFICATE, ANOTHER_CERTIFICATE } from "@contentlib/testkit/builders/certificates";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import type { RigStorage } from "@contentlib/testkit/rigs/app-rig";
import { aCall, diskStorage, memoryStorage, startApp } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";

const open = async (storage: RigStorage, clock: ManualClock) => {
  const { handlers } = (await startApp(clock, storage)).app;
  return {
    create: async (cert_text: string) =>
      await handlers["trustedCertificate.create"]({ spec: { cert_text } }, aCall()),
    list: async () => (await handlers["trustedCertificate.list"]({}, aCall())).certificates,
    get: async (certificate: string) =>
      await handlers["trustedCertificate.get"]({ certificate }, aCall()),
    delete: async (certificate: string) =>
      await handlers["trustedCertificate.delete"]({ certificate }, aCall()),
  };
};

const openOnMemory = async () => {
  const clock = new ManualClock();
  return { ...(await open(await memoryStorage(clock), clock)), clock };
};

const listed = ({ id, pem }: typeof A_CERTIFICATE) => ({ certificate: id, cert_text: pem });

test("a certificate is kept under the print of its bytes, and listed oldest first", async () => {
  const trust = await openOnMemory();
  assert.deepEqual(await trust.list(), []);
  assert.equal(await trust.create(ANOTHER_CERTIFICATE.pem), ANOTHER_CERTIFICATE.id);
  assert.equal(await trust.create(A_CERTIFICATE.pem), A_CERTIFICATE.id);
  assert.deepEqual(await trust.list(), [listed(ANOTHER_CERTIFICATE), listed(A_CERTIFICATE)]);
  assert.deepEqual(await trust.get(A_CERTIFICATE.id), { cert_text: A_CERTIFICATE.pem });
  assert.deepEqual(await trust.get(A_CERTIFICATE.id.toUpperCase()), {
    cert_text: A_CERTIFICATE.pem,
  });
});

test("a known certificate answers the same id and stays where it is, also when it is added many times at once", async () => {
  const trust = await openOnMemory();
  const { pem, id } = A_CERTIFICATE;
  const ids = await Promise.all([trust.create(pem), trust.create(pem), trust.create(`${pem}\r\n`)]);
  await trust.create(ANOTHER_CERTIFICATE.pem);
  await trust.clock.advance(1_000);
  ids.push(await trust.create(pem.replaceAll("\n", "\r\n")));
  assert.deepEqual(new Set(ids), new Set([id]));
  assert.deepEqual(await trust.list(), [listed(A_CERTIFICATE), listed(ANOTHER_CERTIFICATE)]);
});

test("what is not exactly one certificate is refused with a sentence, and not kept", async () => {
  const trust = await openOnMemory();
  const { pem } = A_CERTIFICATE;
  for (const [text, reason] of [
    ["", /no line -----BEGIN CERTIFICATE-----/],
    [pem + ANOTHER_CERTIFICATE.pem, /2 blocks/],
    [pem.replaceAll("CERTIFICATE", "PRIVATE KEY"), /named PRIVATE KEY/],
    [pem + " ".repeat(40_000), /at most 32768/],
    [pem.replace("MII", "MIJ"), /can not be read/],
    [`subject: nobody\n${pem}`, /before or after the block/],
  ] as const)
    assert.match(await refusedWith("trusted_certificate.invalid", trust.create(text)), reason);
  assert.deepEqual(await trust.list(), []);
});

test("a deleted certificate is gone; what is not there is not found, and can be added again", async () => {
  const trust = await openOnMemory();
  const { pem, id } = A_CERTIFICATE;
  await trust.create(pem);
  await trust.create(ANOTHER_CERTIFICATE.pem);
  const outcomes = await Promise.allSettled([trust.delete(id), trust.delete(id)]);
  assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
  for (const absent of [id, "", "no print", ANOTHER_CERTIFICATE.id.slice(1)]) {
    await refusedWith("trusted_certificate.not_found", trust.get(absent));
    await refusedWith("trusted_certificate.not_found", trust.delete(absent));
  }
  assert.equal(await trust.create(pem), id);
  assert.deepEqual(await trust.list(), [listed(ANOTHER_CERTIFICATE), listed(A_CERTIFICATE)]);
});

test("certificates outlive a restart", () =>
  withScratchDirectory(async (directory) => {
    const clock = new ManualClock();
    const storage = await diskStorage(clock, directory);
    await (await open(storage, clock)).create(A_CERTIFICATE.pem);
    await storage.close();
    const again = await diskStorage(clock, directory);
    assert.deepEqual(await (await open(again, clock)).list(), [listed(A_CERTIFICATE)]);
    await again.close();
  }));
