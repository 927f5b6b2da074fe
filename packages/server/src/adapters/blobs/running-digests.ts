import { createHash, type Hash } from "node:crypto";

import type { Checksum, ChecksumAlgorithm } from "../../domain/checksum.ts";
import { type Sha256, parseSha256 } from "../../domain/ids.ts";

const NODE_NAMES: Readonly<Record<ChecksumAlgorithm, string>> = {
  MD5: "md5",
  SHA1: "sha1",
  SHA256: "sha256",
  SHA512: "sha512",
};

/** Final digests of one transfer, in lower-case hexadecimal; SHA-256 is always among them. */
export type Digests = ReadonlyMap<ChecksumAlgorithm, string>;

/** Digests computed while bytes pass by: SHA-256, because it names the blob, and those asked for beside it. */
export class RunningDigests {
  readonly #hashes: ReadonlyMap<ChecksumAlgorithm, Hash>;

  constructor(algorithms: readonly ChecksumAlgorithm[]) {
    const wanted = new Set<ChecksumAlgorithm>(["SHA256", ...algorithms]);
    this.#hashes = new Map(
      [...wanted].map((algorithm) => [algorithm, createHash(NODE_NAMES[algorithm])]),
    );
  }

  update(bytes: Uint8Array): void {
    for (const hash of this.#hashes.values()) hash.update(bytes);
  }

  /** Ends the computation; call it once. */
  finish(): Digests {
    return new Map([...this.#hashes].map(([algorithm, hash]) => [algorithm, hash.digest("hex")]));
  }
}

const digestOf = (digests: Digests, algorithm: ChecksumAlgorithm): string => {
  const hex = digests.get(algorithm);
  if (hex === undefined) throw new Error(`The ${algorithm} digest was asked for but not computed.`);
  return hex;
};

/** The digest that names the blob. */
export const blobNameOf = (digests: Digests): Sha256 => {
  const name = parseSha256(digestOf(digests, "SHA256"));
  if (name === null)
    throw new Error("A SHA-256 digest must have 64 lower-case hexadecimal digits.");
  return name;
};

/** The digests asked for, in the order in which they were asked for. */
export const checksumsOf = (
  digests: Digests,
  algorithms: readonly ChecksumAlgorithm[],
): Checksum[] => algorithms.map((algorithm) => ({ algorithm, hex: digestOf(digests, algorithm) }));
