import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { envelopeText } from "@contentlib/testkit/ovf/envelope-text";
import { lintFile } from "./lint-files.ts";
import { readTrustedCertificates } from "./trusted-certificates.ts";

const folder = mkdtempSync(join(tmpdir(), "contentlib-real-"));
after(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string): string => join(folder, name);

const isThere = (command: string, argument: string): boolean =>
  spawnSync(command, [argument], { stdio: "ignore" }).status === 0;
const needed = [
  ["tar", "--version"],
  ["openssl", "version"],
] as const;
const missing = needed.filter(([command, argument]) => !isThere(command, argument));
const tools = missing.length === 0 ? {} : { skip: `there is no ${missing.join(", ")}` };
const qemu = isThere("qemu-img", "--version") ? {} : { skip: "there is no qemu-img" };

const openssl = (...args: readonly string[]): string =>
  execFileSync("openssl", args, { cwd: folder, encoding: "utf8", stdio: "pipe" });

/** Makes descriptor and manifest over a disk, as somebody does by hand, and a signed certificate file. */
const makeParts = (disk: string, hash: string): void => {
  const { size } = statSync(inFolder(disk));
  const descriptor = envelopeText({
    files: [{ id: "f", href: disk, size }],
    disks: [{ diskId: "d", fileRef: "f", capacity: 1, capacityAllocationUnits: "byte * 2^30" }],
  });
  writeFileSync(inFolder("x.ovf"), descriptor);
  writeFileSync(inFolder("x.mf"), openssl("dgst", `-${hash}`, "x.ovf", disk));
};

const sign = (): void => {
  const subject = ["-subj", "/C=CH/O=Example/CN=signer", "-days", "30"];
  openssl(
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    ...subject,
    "-keyout",
    "key.pem",
    "-out",
    "signer.pem",
  );
  openssl("dgst", "-sha512", "-sign", "key.pem", "-out", "signature", "x.mf");
  const signature = readFileSync(inFolder("signature")).toString("hex");
  const pem = readFileSync(inFolder("signer.pem"), "utf8");
  writeFileSync(inFolder("x.cert"), `SHA512(x.mf)= ${signature}\n${pem}`);
};

const tar = (format: string, ...names: readonly string[]): string => {
  execFileSync("tar", ["-C", folder, `--format=${format}`, "-cf", inFolder("x.ova"), ...names]);
  return inFolder("x.ova");
};

const codes = (report: Awaited<ReturnType<typeof lintFile>>): readonly string[] =>
  report.findings.map(({ code }) => code);

test("archives by tar with manifests by openssl have nothing wrong", tools, async () => {
  writeFileSync(inFolder("disk.vmdk"), randomBytes(3_000_001));
  for (const format of ["ustar", "gnu", "pax"])
    for (const hash of ["sha256", "sha512"]) {
      makeParts("disk.vmdk", hash);
      const report = await lintFile(tar(format, "x.ovf", "x.mf", "disk.vmdk"));
      assert.deepEqual([codes(report), report.isCovered], [[], true], `${format}, ${hash}`);
    }
  makeParts("disk.vmdk", "sha1");
  const old = await lintFile(tar("ustar", "x.ovf", "x.mf", "disk.vmdk"));
  assert.deepEqual([codes(old), old.isCovered], [Array(2).fill("manifest.weak_algorithm"), false]);
});

test("an archive signed by openssl is vouched for by who is trusted", tools, async () => {
  writeFileSync(inFolder("disk.vmdk"), randomBytes(70_000));
  makeParts("disk.vmdk", "sha256");
  sign();
  const path = tar("gnu", "x.ovf", "x.mf", "disk.vmdk", "x.cert");
  const trusted = readTrustedCertificates(readFileSync(inFolder("signer.pem"), "utf8"));
  assert.ok(trusted);
  const { signer, findings } = await lintFile(path, { trusted });
  assert.deepEqual(findings, []);
  assert.equal(signer?.subject, "/C=CH/O=Example/CN=signer");
  assert.equal(signer?.trustedBy, signer?.subject);
  const unknown = await lintFile(path);
  assert.deepEqual(codes(unknown), ["certificate.self_signed", "certificate.untrusted"]);
  writeFileSync(inFolder("x.mf"), `${readFileSync(inFolder("x.mf"), "utf8")}\n`);
  const changed = await lintFile(tar("gnu", "x.ovf", "x.mf", "disk.vmdk", "x.cert"), { trusted });
  assert.deepEqual(codes(changed), ["certificate.signature_differs"]);
});

test(
  "a disk by qemu-img, in an archive and beside its descriptor",
  { ...tools, ...qemu },
  async () => {
    const disk = inFolder("disk.vmdk");
    rmSync(inFolder("x.cert"), { force: true });
    execFileSync("qemu-img", ["create", "-f", "raw", inFolder("disk.raw"), "64M"], {
      stdio: "pipe",
    });
    const to = ["-O", "vmdk", "-o", "subformat=streamOptimized"];
    execFileSync("qemu-img", ["convert", "-f", "raw", ...to, inFolder("disk.raw"), disk]);
    makeParts("disk.vmdk", "sha256");
    assert.deepEqual(codes(await lintFile(inFolder("x.ovf"))), []);
    assert.deepEqual(codes(await lintFile(tar("ustar", "x.ovf", "x.mf", "disk.vmdk"))), []);
  },
);

test("what is no certificate in PEM is not trusted", () => {
  assert.equal(readTrustedCertificates(""), null);
  const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  assert.equal(readTrustedCertificates(broken), null);
});
