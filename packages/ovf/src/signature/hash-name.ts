/** Hashes that signatures are made with, as WebCrypto names them. */
export type HashName = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";

/** Bytes of a hash. */
export const HASH_BYTES: Readonly<Record<HashName, number>> = {
  "SHA-1": 20,
  "SHA-256": 32,
  "SHA-384": 48,
  "SHA-512": 64,
};
