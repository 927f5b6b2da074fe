import { execFileSync } from "node:child_process";
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { envelopeText } from "@contentlib/testkit/ovf/envelope-text";
import { tarEnd, tarHeader, tarMember } from "@contentlib/testkit/ovf/tar-writer";
import { root } from "../command.ts";
import { type Bench, inTurn, type Measure } from "./bench.ts";
import { sizeText } from "./effort.ts";
import { ratioFinding } from "./finding.ts";
import type { SourceFile } from "./scratch.ts";

const COPY_BYTES = 8 * 1024 * 1024;
const DISK = "disk.vmdk";

/** Makes an archive of the file, with a manifest of SHA-256, beside it. */
function archiveOf({ path, sizeBytes, sha256 }: SourceFile): string {
  const made = join(dirname(path), "x.ova");
  const target = openSync(made, "w");
  const descriptor = envelopeText({ files: [{ id: "f", href: DISK, size: sizeBytes }] });
  writeSync(target, tarMember({ name: "x.ovf" }, descriptor));
  writeSync(target, tarMember({ name: "x.mf" }, `SHA256(${DISK})= ${sha256}\n`));
  writeSync(target, tarHeader({ name: DISK, size: sizeBytes }));
  const source = openSync(path, "r");
  const block = Buffer.alloc(COPY_BYTES);
  for (let bytes = readSync(source, block); bytes > 0; bytes = readSync(source, block))
    writeSync(target, block, 0, bytes);
  writeSync(target, tarEnd);
  closeSync(source);
  closeSync(target);
  return made;
}

/** Megabytes a second of a program that reads the file, from its start to its end. */
function rateOf(
  sizeBytes: number,
  command: string,
  args: readonly string[],
): () => Promise<number> {
  return async () => {
    const startedMs = performance.now();
    // A finding that keeps the archive out, or a program that fails, is no measure.
    execFileSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
    return await Promise.resolve(sizeBytes / 1000 / (performance.now() - startedMs));
  };
}

/** The whole command, its start included, against the digest alone. */
export const lint: Measure = {
  name: "lint",
  async run({ scratch, effort, nodeFlags }: Bench) {
    const file = scratch.randomFile(effort.fileBytes);
    const archive = archiveOf(file);
    const command = join(root, "bin", "contentlib.mjs");
    const samples = {
      product: rateOf(file.sizeBytes, process.execPath, [...nodeFlags, command, "lint", archive]),
      openssl: rateOf(file.sizeBytes, "openssl", ["dgst", "-sha256", archive]),
    };
    await inTurn(1, samples);
    const values = await inTurn(effort.rounds, samples);
    const finding = ratioFinding(
      {
        measure: `lint of an OVA of ${sizeText(effort.fileBytes)} with a manifest`,
        product: { name: "contentlib lint", unit: "MB/s", values: values.product },
        baseline: { name: "openssl dgst -sha256", unit: "MB/s", values: values.openssl },
      },
      { sign: ">=", limit: 0.75 },
    );
    return [finding];
  },
};
