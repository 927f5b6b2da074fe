import { createHash } from "node:crypto";
import type { StartDigest } from "../digest-algorithm.ts";

const NAMES = { SHA1: "sha1", SHA256: "sha256", SHA512: "sha512" } as const;

/** Digests by Node's own OpenSSL. */
export const startDigest: StartDigest = (algorithm) => {
  const hash = createHash(NAMES[algorithm]);
  return {
    update: (bytes) => void hash.update(bytes),
    hex: () => hash.digest("hex"),
  };
};
