import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { envelopeText } from "@contentlib/testkit/ovf/envelope-text";
import { tarEnd, tarHeader, tarMember } from "@contentlib/testkit/ovf/tar-writer";
import type { SourceFile } from "./scratch.ts";

const COPY_BYTES = 8 * 1024 * 1024;
const DISK = "disk.vmdk";

/** Makes an archive of the file, with a manifest of SHA-256, beside it. */
export function archiveOf({ path, sizeBytes, sha256 }: SourceFile): string {
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
