import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { ChecksumAlgorithm } from "@contentlib/contract";
import { READ_CHUNK_BYTES } from "./file-reading.ts";

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
  const stream = createReadStream(path, {
    highWaterMark: READ_CHUNK_BYTES,
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest("hex");
}
