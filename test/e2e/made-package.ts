// A package as people make one with the tools of a Linux distribution.
import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { envelopeText } from "@contentlib/testkit/ovf/envelope-text";

/** Name of the package's disk. */
export const DISK = "web-disk1.vmdk";

/** Whether what makes a package is here. */
export const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

const DISK_BYTES = 3 * 1024 * 1024;

/** Runs a program in a folder. */
export const runIn = (folder: string, program: string, ...args: string[]): Buffer =>
  execFileSync(program, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });

const isHere = (program: string): boolean => spawnSync(program, ["--version"]).status === 0;

/** A disk as `qemu-img` makes it, where that is here; else bytes of the same size. */
const makeDisk = (folder: string, sizeBytes: number): void => {
  if (isHere("qemu-img")) {
    writeFileSync(join(folder, "raw.img"), randomBytes(sizeBytes));
    const stream = ["-O", "vmdk", "-o", "subformat=streamOptimized"];
    runIn(folder, "qemu-img", "convert", "-f", "raw", ...stream, "raw.img", DISK);
  } else writeFileSync(join(folder, DISK), randomBytes(sizeBytes));
};

/** An authority of one's own, and a key with its certificate. */
const makeKeys = (folder: string): void => {
  const openssl = (...args: string[]): Buffer => runIn(folder, "openssl", ...args);
  const days = ["-days", "2"];
  const key = ["-newkey", "rsa:2048", "-noenc"];
  const authority = ["-keyout", "ca.key", "-out", "ca.pem", "-subj", "/O=Example/CN=authority"];
  openssl("req", "-x509", ...key, ...days, ...authority);
  const team = ["-keyout", "web.key", "-out", "web.csr", "-subj", "/O=Example/CN=web team"];
  openssl("req", ...key, ...team);
  const by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"];
  openssl("x509", "-req", "-in", "web.csr", ...by, "-out", "web.pem", ...days);
};

/** Makes a package as people do: the manifest with `openssl dgst`, the signature over it, and a certificate of one's own authority. */
export const makePackage = (folder: string, diskBytes = DISK_BYTES): void => {
  makeDisk(folder, diskBytes);
  const { size } = statSync(join(folder, DISK));
  const descriptor = envelopeText({
    files: [{ id: "file1", href: DISK, size }],
    disks: [{ diskId: "disk1", fileRef: "file1", capacity: diskBytes }],
  });
  writeFileSync(join(folder, "web.ovf"), descriptor);
  const openssl = (...args: string[]): Buffer => runIn(folder, "openssl", ...args);
  writeFileSync(join(folder, "web.mf"), openssl("dgst", "-sha256", "web.ovf", DISK));
  makeKeys(folder);
  const signature = openssl("dgst", "-sha256", "-sign", "web.key", "web.mf").toString("hex");
  const signer = readFileSync(join(folder, "web.pem"), "latin1");
  writeFileSync(join(folder, "web.cert"), `SHA256(web.mf)= ${signature}\n${signer}`);
};
