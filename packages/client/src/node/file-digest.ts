import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { ChecksumAlgorithm } from "@contentlib/contract";
import { READ_CHUNK_BYTES } from "./file-pieces.ts";

/** The API's digest algorithms by Node's names. */
export const HASH_NAMES: Readonly<Record<ChecksumAlgorithm, string>> = {
  MD5: "md5",
  SHA1: "sha1",
  SHA256: "sha256",
  SHA512: "sha512",
};

/** The digest of a file of this machine as lower-case hexadecimal digits. */
export async function fileDigest(
  path: string,
  algorithm: ChecksumAlgorithm,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash(HASH_NAMES[algorithm]);
  const buffer = Buffer.allocUnsafeSlow(READ_CHUNK_BYTES);
  await using file = await open(path, "r");
  for (;;) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return hash.digest("hex");
    hash.update(buffer.subarray(0, bytesRead));
  }
}
